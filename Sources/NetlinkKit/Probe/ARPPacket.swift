public import IPAMCore

/// An ARP request or reply for IPv4 over Ethernet (RFC 826), 28 octets after the Ethernet header.
///
/// ```text
/// 0001 0800 06 04 0001  bae403c4dc0a 00000000  000000000000 ac16040a
/// │    │    │  │  │     └ sender ────────────  └ target ────────────
/// │    │    │  │  └ 1 request, 2 reply
/// │    │    │  └ length of an IPv4 address
/// │    │    └ length of a MAC address
/// │    └ IPv4
/// └ Ethernet
/// ```
public struct ARPPacket: Sendable, Hashable {
    /// What the sender wants (`ARPOP_*`).
    public enum Operation: UInt16, Sendable, Hashable {
        /// Asks who has the target address.
        case request = 1
        /// Says that the sender has the sender address.
        case reply = 2
    }

    /// What the sender wants.
    public var operation: Operation
    /// The hardware address of the sender.
    public var senderMAC: MACAddress
    /// The address that the sender claims for itself; `0.0.0.0` in a probe (RFC 5227 §1.1).
    public var senderIP: IPv4Address
    /// The hardware address of the target; zero when it is asked for.
    public var targetMAC: MACAddress
    /// The address that is asked for, or whose owner is answered.
    public var targetIP: IPv4Address

    /// Makes a packet.
    ///
    /// - Parameters:
    ///   - operation: What the sender wants.
    ///   - senderMAC: The hardware address of the sender.
    ///   - senderIP: The address that the sender claims.
    ///   - targetMAC: The hardware address of the target.
    ///   - targetIP: The address that is asked for.
    public init(
        _ operation: Operation, senderMAC: MACAddress, senderIP: IPv4Address, targetMAC: MACAddress = .zero,
        targetIP: IPv4Address
    ) {
        self.operation = operation
        self.senderMAC = senderMAC
        self.senderIP = senderIP
        self.targetMAC = targetMAC
        self.targetIP = targetIP
    }

    /// How many octets a packet has; what follows them is padding.
    public static let octetCount = 28

    /// Reads what follows the Ethernet header; `nil` unless it is a request or a reply for IPv4 over Ethernet.
    public init?(octets: borrowing Span<UInt8>) {
        guard octets.count >= Self.octetCount, octets.number16(at: 0) == 1, octets.number16(at: 2) == 0x0800,
            octets[4] == 6, octets[5] == 4, let operation = Operation(rawValue: octets.number16(at: 6)),
            let senderMAC = MACAddress(octets: octets.extracting(8..<14)),
            let senderIP = IPv4Address(octets: octets.extracting(14..<18)),
            let targetMAC = MACAddress(octets: octets.extracting(18..<24)),
            let targetIP = IPv4Address(octets: octets.extracting(24..<28))
        else { return nil }
        self.init(operation, senderMAC: senderMAC, senderIP: senderIP, targetMAC: targetMAC, targetIP: targetIP)
    }

    /// The packet as it follows the Ethernet header.
    public var octets: [UInt8] {
        [UInt8](capacity: Self.octetCount) { output in
            output.append(number16: 1)
            output.append(number16: 0x0800)
            output.append(6)
            output.append(4)
            output.append(number16: operation.rawValue)
            senderMAC.writeOctets(to: &output)
            senderIP.writeOctets(to: &output)
            targetMAC.writeOctets(to: &output)
            targetIP.writeOctets(to: &output)
        }
    }
}

extension ARPPacket {
    /// Asks whether anybody uses an address, without claiming one: an ARP probe (RFC 5227 §2.1.1).
    ///
    /// - Parameters:
    ///   - address: The address in question.
    ///   - mac: The hardware address of whoever asks.
    /// - Returns: The request, to be broadcast.
    public static func probe(for address: IPv4Address, from mac: MACAddress) -> Self {
        Self(.request, senderMAC: mac, senderIP: .unspecified, targetIP: address)
    }

    /// Tells all neighbours where an address is now: an ARP announcement (RFC 5227 §2.3).
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - mac: The hardware address that it has now.
    /// - Returns: The request, to be broadcast.
    public static func announcement(of address: IPv4Address, at mac: MACAddress) -> Self {
        Self(.request, senderMAC: mac, senderIP: address, targetIP: address)
    }
}
