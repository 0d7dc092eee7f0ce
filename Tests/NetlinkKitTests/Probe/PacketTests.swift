import IPAMCore
import NetlinkKit
import Testing

/// Reads lines of hex with comments behind `#`.
func octets(_ hex: String) -> [UInt8] {
    let digits = hex.split(separator: "\n").flatMap { line in
        line.prefix { $0 != "#" }.filter(\.isHexDigit)
    }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
}

/// The macros of the test library cannot handle spans.
extension ARPPacket {
    init?(reading octets: [UInt8]) { self.init(octets: octets.span) }
}

extension NeighborSolicitation {
    init?(reading octets: [UInt8]) { self.init(octets: octets.span) }
}

extension NeighborAdvertisement {
    init?(reading octets: [UInt8]) { self.init(octets: octets.span) }
}

@Suite
struct PacketTests {
    // MARK: Goldens

    /// What the coordinator of the reference sends for its own address.
    static let announcement = octets(
        """
        0001                # Ethernet
        0800                # IPv4
        06 04               # lengths of the addresses
        0001                # request
        0a1bac16040a        # sender MAC
        ac16040a            # sender IP 172.22.4.10
        000000000000        # target MAC: unknown
        ac16040a            # target IP 172.22.4.10
        """)

    /// Captured from Linux 6.18: duplicate address detection of fe80::ff:fe00:b.
    static let detection = octets(
        """
        60000000            # version 6
        0020 3a ff          # 32 octets, ICMPv6, hop limit 255
        00000000000000000000000000000000  # from ::
        ff0200000000000000000001ff00000b  # to ff02::1:ff00:b
        87 00 31b1          # Neighbor Solicitation, checksum
        00000000
        fe80000000000000000000fffe00000b  # target fe80::ff:fe00:b
        0e 01 e1cd0d704e19  # nonce
        """)

    /// Captured from Linux 6.18: address resolution.
    static let solicitation = octets(
        """
        60000000
        0020 3a ff
        fd0000100006000000000000000a0001  # from fd00:10:6::a:1
        ff0200000000000000000001ff000001  # to ff02::1:ff00:1
        87 00 7d5a
        00000000
        fd000010000600000000000000000001  # target fd00:10:6::1
        01 01 02000000000a  # source link-layer address
        """)

    /// Captured from Linux 6.18: the answer.
    static let advertisement = octets(
        """
        60000000
        0020 3a ff
        fd000010000600000000000000000001  # from fd00:10:6::1
        fd0000100006000000000000000a0001  # to fd00:10:6::a:1
        88 00 1c47          # Neighbor Advertisement, checksum
        60000000            # solicited, override
        fd000010000600000000000000000001  # target
        02 01 02000000000b  # target link-layer address
        """)

    @Test
    func readsAndWritesARP() throws {
        let packet = try #require(ARPPacket(reading: Self.announcement))
        let address = IPv4Address(172, 22, 4, 10)
        #expect(packet == .announcement(of: address, at: MACAddress(0x0a, 0x1b, 0xac, 0x16, 0x04, 0x0a)))
        #expect(packet.octets == Self.announcement)
        // A short frame is padded on the way.
        #expect(ARPPacket(reading: (Self.announcement + [UInt8](repeating: 7, count: 18))) == packet)
    }

    @Test
    func readsAndWritesSolicitations() throws {
        let detection = try #require(NeighborSolicitation(reading: Self.detection))
        let target = try #require(IPv6Address("fe80::ff:fe00:b"))
        #expect(detection == NeighborSolicitation(for: target, source: .unspecified, nonce: 0xe1cd_0d70_4e19))
        #expect(detection.octets == Self.detection)

        let resolution = try #require(NeighborSolicitation(reading: Self.solicitation))
        let (gateway, source) = try (
            #require(IPv6Address("fd00:10:6::1")), #require(IPv6Address("fd00:10:6::a:1"))
        )
        let mac = MACAddress(2, 0, 0, 0, 0, 0x0a)
        #expect(resolution == NeighborSolicitation(for: gateway, source: source, sourceMAC: mac))
        #expect(resolution.octets == Self.solicitation)
        #expect(NeighborAdvertisement(reading: Self.solicitation) == nil)
    }

    @Test
    func readsAndWritesAdvertisements() throws {
        let message = try #require(NeighborAdvertisement(reading: Self.advertisement))
        let (target, asker) = try (#require(IPv6Address("fd00:10:6::1")), #require(IPv6Address("fd00:10:6::a:1")))
        let expected = NeighborAdvertisement(
            of: target, source: target, destination: asker, flags: [.solicited, .override],
            targetMAC: MACAddress(2, 0, 0, 0, 0, 0x0b))
        #expect(message == expected)
        #expect(message.octets == Self.advertisement)
        #expect(NeighborSolicitation(reading: Self.advertisement) == nil)
    }

    // MARK: What must be discarded

    struct Damage: CustomTestStringConvertible {
        let testDescription: String
        let packet: [UInt8]

        init(_ description: String, _ packet: [UInt8], at offset: Int, _ octets: UInt8...) {
            testDescription = description
            var packet = packet
            packet.replaceSubrange(offset..<offset + octets.count, with: octets)
            self.packet = packet
        }
    }

    // RFC 826; RFC 4861 §7.1.1 and §7.1.2. What changes the checksum carries the right one.
    @Test(arguments: [
        Damage("hardware that is not Ethernet", announcement, at: 0, 0, 6),
        Damage("protocol that is not IPv4", announcement, at: 2, 0x86, 0xdd),
        Damage("length of a hardware address", announcement, at: 4, 8),
        Damage("length of a protocol address", announcement, at: 5, 16),
        Damage("reverse ARP", announcement, at: 6, 0, 3),
        Damage("IPv4", detection, at: 0, 0x45),
        Damage("another protocol", detection, at: 6, 17),
        Damage("hop limit: came through a router", detection, at: 7, 254),
        Damage("code", detection, at: 41, 1, 0x31, 0xb0),
        Damage("checksum", detection, at: 42, 0x31, 0xb2),
        Damage("target is a group", solicitation, at: 42, 0x7d, 0x5a - 2, 0, 0, 0, 0, 0xff),
        Damage("payload shorter than a message", detection, at: 4, 0, 23),
        Damage("payload longer than the packet", detection, at: 4, 0, 33),
        Damage("option without length", detection, at: 65, 0),
        Damage("option longer than the packet", detection, at: 65, 2),
    ])
    func discards(damage: Damage) {
        #expect(ARPPacket(reading: damage.packet) == nil)
        #expect(NeighborSolicitation(reading: damage.packet) == nil)
        #expect(NeighborAdvertisement(reading: damage.packet) == nil)
    }

    @Test
    func duplicateAddressDetectionWithASenderIsDiscarded() throws {
        let target = try #require(IPv6Address("fd00::1"))
        let mac = MACAddress(2, 0, 0, 0, 0, 1)
        let named = NeighborSolicitation(for: target, source: .unspecified, sourceMAC: mac)
        #expect(NeighborSolicitation(reading: named.octets) == nil)
        var unicast = NeighborSolicitation(for: target, source: .unspecified)
        unicast.destination = target
        #expect(NeighborSolicitation(reading: unicast.octets) == nil)
    }

    @Test
    func aSolicitedAdvertisementToAGroupIsDiscarded() throws {
        let target = try #require(IPv6Address("fd00::1"))
        var message = NeighborAdvertisement.announcement(of: target, at: MACAddress(2, 0, 0, 0, 0, 1))
        #expect(NeighborAdvertisement(reading: message.octets) == message)
        message.flags.insert(.solicited)
        #expect(NeighborAdvertisement(reading: message.octets) == nil)
    }

    // MARK: Any octets

    @Test
    func everyPrefixIsDiscarded() {
        for packet in [Self.announcement, Self.detection, Self.solicitation, Self.advertisement] {
            for count in 0..<packet.count { #expect(Self.parses(Array(packet[..<count])) == false) }
        }
    }

    @Test
    func whateverIsReadIsWrittenAgain() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let samples = [Self.announcement, Self.detection, Self.solicitation, Self.advertisement]
        for _ in 0..<100_000 {
            var packet = samples[Int(random.next(through: 3))]
            for _ in 0...random.next(through: 3) {
                let place = Int(random.next(through: UInt128(packet.count - 1)))
                switch random.next(through: 3) {
                case 0: packet[place] ^= 1 << UInt8(random.next(through: 7))
                case 1: packet[place] = UInt8(random.next(through: 255))
                case 2: packet.removeSubrange(place...)
                default: packet.insert(contentsOf: packet[place...], at: place)
                }
                if packet.isEmpty { break }
            }
            if let read = ARPPacket(reading: packet) {
                #expect(ARPPacket(reading: read.octets) == read, "seed \(seed)")
            }
            if let read = NeighborSolicitation(reading: packet) {
                #expect(NeighborSolicitation(reading: read.octets) == read, "seed \(seed)")
            }
            if let read = NeighborAdvertisement(reading: packet) {
                #expect(NeighborAdvertisement(reading: read.octets) == read, "seed \(seed)")
            }
        }
    }

    private static func parses(_ packet: [UInt8]) -> Bool {
        ARPPacket(reading: packet) != nil || NeighborSolicitation(reading: packet) != nil
            || NeighborAdvertisement(reading: packet) != nil
    }
}
