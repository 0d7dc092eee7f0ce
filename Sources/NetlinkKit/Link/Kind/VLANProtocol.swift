/// The kind of tag that marks the frames of a VLAN (`IFLA_VLAN_PROTOCOL`).
public enum VLANProtocol: UInt16, Sendable, Hashable, CaseIterable {
    /// The usual tag, 802.1Q.
    case customer = 0x8100
    /// The outer tag of two, 802.1ad.
    case service = 0x88a8
}
