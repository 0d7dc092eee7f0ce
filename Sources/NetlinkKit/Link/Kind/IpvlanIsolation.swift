/// Whom an ipvlan may talk to on its parent (`IFLA_IPVLAN_FLAGS`).
public enum IpvlanIsolation: UInt16, Sendable, Hashable, CaseIterable {
    /// Others directly.
    case bridge = 0
    /// No other ipvlan.
    case `private` = 1
    /// Others by way of the switch outside.
    case vepa = 2
}
