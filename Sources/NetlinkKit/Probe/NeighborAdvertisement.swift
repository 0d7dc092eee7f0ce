public import IPAMCore

/// A Neighbor Advertisement (RFC 4861 §4.4): this IPv6 address is here.
public struct NeighborAdvertisement: Sendable, Hashable {
    /// What the advertisement says about itself.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The octet after the checksum.
        public let rawValue: UInt8

        /// Wraps the octet.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The sender is a router (R).
        public static let router = Self(rawValue: 0x80)
        /// It answers a solicitation (S).
        public static let solicited = Self(rawValue: 0x40)
        /// It replaces what neighbours have in their caches (O).
        public static let override = Self(rawValue: 0x20)
    }

    /// The source of the IPv6 packet.
    public var source: IPv6Address
    /// The destination of the IPv6 packet; `ff02::1` when it was not asked for.
    public var destination: IPv6Address
    /// The address that the advertisement is about.
    public var target: IPv6Address
    /// What the advertisement says about itself.
    public var flags: Flags
    /// The hardware address of the target (option 2).
    public var targetMAC: MACAddress?

    /// Makes an advertisement.
    ///
    /// - Parameters:
    ///   - target: The address that the advertisement is about.
    ///   - source: The source of the IPv6 packet.
    ///   - destination: The destination of the IPv6 packet.
    ///   - flags: What the advertisement says about itself.
    ///   - targetMAC: The hardware address of the target.
    public init(
        of target: IPv6Address, source: IPv6Address, destination: IPv6Address, flags: Flags, targetMAC: MACAddress?
    ) {
        self.source = source
        self.destination = destination
        self.target = target
        self.flags = flags
        self.targetMAC = targetMAC
    }

    /// Tells all neighbours where an address is now (RFC 4861 §7.2.6).
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - mac: The hardware address that it has now.
    /// - Returns: The advertisement, to be sent to `33:33:00:00:00:01`.
    public static func announcement(of address: IPv6Address, at mac: MACAddress) -> Self {
        Self(of: address, source: address, destination: .linkLocalAllNodes, flags: .override, targetMAC: mac)
    }

    /// Reads a packet from the IPv6 header on.
    ///
    /// `nil` unless it is an advertisement that a node must not discard (RFC 4861 §7.1.2).
    public init?(octets: borrowing Span<UInt8>) {
        guard let datagram = NeighborDatagram(octets: octets), datagram.type == .advertisement else { return nil }
        let flags = Flags(rawValue: datagram.flags & 0xe0)
        guard !(datagram.destination.isMulticast && flags.contains(.solicited)) else { return nil }
        self.init(
            of: datagram.target, source: datagram.source, destination: datagram.destination, flags: flags,
            targetMAC: datagram.options.targetLinkAddress)
    }

    /// The packet from the IPv6 header on.
    public var octets: [UInt8] {
        NeighborDatagram(
            .advertisement, source: source, destination: destination, flags: flags.rawValue, target: target,
            options: NeighborDatagram.Options(targetLinkAddress: targetMAC)
        ).octets
    }
}
