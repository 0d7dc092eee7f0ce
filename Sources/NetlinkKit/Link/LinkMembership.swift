public import IPAMCore

/// What the kind of a link's master tells about the link (`IFLA_INFO_SLAVE_DATA`).
public enum LinkMembership: Sendable, Hashable {
    /// There is no master, or its kind tells nothing that is read.
    case none
    /// A port of a bridge.
    case bridge
    /// Part of a bond.
    case bond(isActive: Bool, miiIsUp: Bool, permanentAddress: MACAddress?)
    /// Part of a routing domain.
    case vrf(table: UInt32)
}
