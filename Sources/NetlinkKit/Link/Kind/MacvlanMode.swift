/// Whom a macvlan may talk to on its parent (`IFLA_MACVLAN_MODE`).
public enum MacvlanMode: UInt32, Sendable, Hashable, CaseIterable {
    /// No other macvlan.
    case `private` = 1
    /// Others by way of the switch outside.
    case vepa = 2
    /// Others directly.
    case bridge = 4
    /// It has the parent for itself.
    case passthru = 8
    /// Only senders on a list are heard.
    case source = 16
}
