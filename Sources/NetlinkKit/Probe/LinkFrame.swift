public import IPAMCore

/// The content of one Ethernet frame, without the header and without a VLAN tag.
public struct LinkFrame: Sendable, Hashable {
    /// What a frame carries (`ETH_P_*`), as far as probing needs to know.
    public enum Kind: UInt16, Sendable, Hashable, CaseIterable {
        /// The Address Resolution Protocol (`ETH_P_ARP`).
        case arp = 0x0806
        /// IPv6 (`ETH_P_IPV6`).
        case ipv6 = 0x86dd
    }

    /// What the frame carries.
    public var kind: Kind
    /// Who the frame is for when it is sent, and whose it is when it was received.
    public var peer: MACAddress
    /// What follows the Ethernet header.
    public var payload: [UInt8]

    /// Makes a frame.
    public init(_ kind: Kind, peer: MACAddress, payload: [UInt8]) {
        self.kind = kind
        self.peer = peer
        self.payload = payload
    }
}

extension MACAddress {
    /// The group address that carries an IPv6 group on Ethernet: `33:33` and its last four bytes (RFC 2464 §7).
    init(carrying group: IPv6Address) {
        self.init(bits: 0x3333_0000_0000 | group.low & 0xffff_ffff)
    }
}
