/// On which layer an ipvlan works (`IFLA_IPVLAN_MODE`).
public enum IpvlanMode: UInt16, Sendable, Hashable, CaseIterable {
    /// Frames are passed on; broadcasts reach everybody.
    case l2 = 0
    /// Packets are routed in the namespace of the parent.
    case l3 = 1
    /// As ``l3``, and seen by connection tracking.
    case l3s = 2
}
