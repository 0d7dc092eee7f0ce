public import IPAMCore

/// A Neighbor Solicitation (RFC 4861 §4.3): who has this IPv6 address?
///
/// With the source `::` it asks on behalf of duplicate address detection (RFC 4862 §5.4.2) and carries no address of the
/// sender, so that it leaves no trace in any neighbour's cache.
public struct NeighborSolicitation: Sendable, Hashable {
    /// The source of the IPv6 packet; `::` in duplicate address detection.
    public var source: IPv6Address
    /// The destination of the IPv6 packet; mostly the solicited-node group of the target.
    public var destination: IPv6Address
    /// The address that is asked for.
    public var target: IPv6Address
    /// The hardware address of the sender (option 1).
    public var sourceMAC: MACAddress?
    /// 48 random bits by which the sender recognises its own message when the network reflects it (RFC 7527 §4.1).
    public var nonce: UInt64?

    /// Makes a solicitation to the solicited-node group of the target.
    ///
    /// - Parameters:
    ///   - target: The address that is asked for.
    ///   - source: The source of the IPv6 packet.
    ///   - sourceMAC: The hardware address of the sender; not to be given when the source is `::`.
    ///   - nonce: 48 bits to recognise the message by; the upper 16 are ignored.
    public init(
        for target: IPv6Address, source: IPv6Address, sourceMAC: MACAddress? = nil, nonce: UInt64? = nil
    ) {
        self.source = source
        destination = target.solicitedNodeMulticast
        self.target = target
        self.sourceMAC = sourceMAC
        self.nonce = nonce.map { $0 & 0xffff_ffff_ffff }
    }

    /// Reads a packet from the IPv6 header on.
    ///
    /// `nil` unless it is a solicitation that a node must not discard (RFC 4861 §7.1.1).
    public init?(octets: borrowing Span<UInt8>) {
        guard let datagram = NeighborDatagram(octets: octets), datagram.type == .solicitation else { return nil }
        if datagram.source.isUnspecified {
            guard datagram.options.sourceLinkAddress == nil,
                datagram.destination.solicitedNodeMulticast == datagram.destination
            else { return nil }
        }
        source = datagram.source
        destination = datagram.destination
        target = datagram.target
        sourceMAC = datagram.options.sourceLinkAddress
        nonce = datagram.options.nonce
    }

    /// The packet from the IPv6 header on.
    public var octets: [UInt8] {
        NeighborDatagram(
            .solicitation, source: source, destination: destination, target: target,
            options: NeighborDatagram.Options(sourceLinkAddress: sourceMAC, nonce: nonce)
        ).octets
    }
}
