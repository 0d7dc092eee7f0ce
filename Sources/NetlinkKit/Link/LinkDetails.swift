/// What the kind of a link tells (`IFLA_INFO_DATA`).
public enum LinkDetails: Sendable, Hashable {
    /// Nothing, or nothing that is read.
    case none
    /// Of a VLAN.
    case vlan(id: VLANIdentifier, protocol: VLANProtocol)
    /// Of a macvlan.
    case macvlan(MacvlanMode)
    /// Of an ipvlan.
    case ipvlan(IpvlanMode, IpvlanIsolation)
    /// Of a vxlan.
    case vxlan(id: UInt32, port: UInt16)
    /// Of a vrf.
    case vrf(table: UInt32)
    /// Of a bond.
    case bond(BondOptions)
}
