internal import CLinux
internal import IPAMCore

/// A program that the kernel runs on each frame, so that a flood of other traffic neither wakes us nor fills the buffer of
/// the socket (classic BPF, Documentation/networking/filter.rst of the kernel).
///
/// It lets frames through that are about certain addresses. What it lets through is parsed and checked all the same.
struct PacketFilter {
    private(set) var program: [sock_filter] = []

    /// Lets ARP requests and replies through whose sender or target is one of the addresses.
    static func arp(about addresses: Set<IPv4Address>, on link: LinkIndex) -> Self {
        var filter = Self(framesFor: link)
        filter.load(.word, at: 0)
        filter.demand([0x0001_0800])
        filter.load(.word, at: 4)
        filter.demand([0x0604_0001, 0x0604_0002])
        for offset in [14, 24] as [UInt32] {
            filter.load(.word, at: offset)
            filter.accept(addresses.map(\.bits))
        }
        filter.end(accepting: false)
        return filter
    }

    /// Lets Neighbor Solicitations and Advertisements through whose target or source ends like one of the addresses.
    static func neighborDiscovery(about addresses: Set<IPv6Address>, on link: LinkIndex) -> Self {
        var filter = Self(framesFor: link)
        filter.load(.octet, at: 6)
        filter.demand([UInt32(NeighborDatagram.protocolNumber)])
        filter.load(.octet, at: 7)
        filter.demand([255])
        filter.load(.octet, at: 40)
        filter.demand([
            UInt32(NeighborDatagram.MessageType.solicitation.rawValue),
            UInt32(NeighborDatagram.MessageType.advertisement.rawValue),
        ])
        for offset in [60, 20] as [UInt32] {
            filter.load(.word, at: offset)
            filter.accept(addresses.map { UInt32(truncatingIfNeeded: $0.low) })
        }
        filter.end(accepting: false)
        return filter
    }

    /// Drops what was received on another link, was meant for somebody else, or was sent by us.
    ///
    /// A socket on a link also sees frames of the VLAN links on top of it, which bear their index; and those of VLANs that
    /// nobody here is in, without their tag but marked as meant for somebody else (`__netif_receive_skb_core`).
    private init(framesFor link: LinkIndex) {
        load(.word, at: Self.ancillary + UInt32(SKF_AD_IFINDEX))
        demand([UInt32(link.rawValue)])
        load(.word, at: Self.ancillary + UInt32(SKF_AD_PKTTYPE))
        demand([UInt32(PACKET_HOST), UInt32(PACKET_BROADCAST), UInt32(PACKET_MULTICAST)])
    }

    // MARK: Instructions

    private enum Width: Int32 {
        case word = 0x00  // BPF_W
        case octet = 0x10  // BPF_B
    }

    private static let ancillary = UInt32(bitPattern: SKF_AD_OFF)

    private mutating func load(_ width: Width, at offset: UInt32) {
        append(BPF_LD | width.rawValue | BPF_ABS, offset)
    }

    /// Ends with a refusal unless the loaded number is one of these.
    private mutating func demand(_ numbers: [UInt32]) {
        for (index, number) in numbers.enumerated() {
            append(BPF_JMP | BPF_JEQ | BPF_K, number, whenTrue: UInt8(numbers.count - index))
        }
        end(accepting: false)
    }

    /// Ends with acceptance if the loaded number is one of these.
    private mutating func accept(_ numbers: [UInt32]) {
        for number in numbers {
            append(BPF_JMP | BPF_JEQ | BPF_K, number, whenFalse: 1)
            end(accepting: true)
        }
    }

    private mutating func end(accepting: Bool) {
        append(BPF_RET | BPF_K, accepting ? 0xffff : 0)
    }

    private mutating func append(_ code: Int32, _ operand: UInt32, whenTrue: UInt8 = 0, whenFalse: UInt8 = 0) {
        program.append(sock_filter(code: UInt16(code), jt: whenTrue, jf: whenFalse, k: operand))
    }
}
