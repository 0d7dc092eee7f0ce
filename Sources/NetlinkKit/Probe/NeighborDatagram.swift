internal import IPAMCore

/// An IPv6 packet with one message of Neighbor Discovery in it (RFC 8200 §3, RFC 4443 §2.1, RFC 4861 §4.3 and §4.4).
///
/// Solicitation and advertisement differ in the type, and in what the first four octets after the checksum mean.
struct NeighborDatagram {
    enum MessageType: UInt8 {
        case solicitation = 135
        case advertisement = 136
    }

    /// The options that are understood (RFC 4861 §4.6.1, RFC 3971 §5.3.2); others are skipped.
    struct Options: Equatable {
        /// Option 1, of a solicitation.
        var sourceLinkAddress: MACAddress?
        /// Option 2, of an advertisement.
        var targetLinkAddress: MACAddress?
        /// Option 14 with six octets, which is how Linux and this library write it.
        var nonce: UInt64?
    }

    var source: IPv6Address
    var destination: IPv6Address
    var type: MessageType
    var flags: UInt8
    var target: IPv6Address
    var options: Options

    static let headerLength = 40
    static let protocolNumber: UInt8 = 58
    private static let messageLength = 24

    init(
        _ type: MessageType, source: IPv6Address, destination: IPv6Address, flags: UInt8 = 0, target: IPv6Address,
        options: Options
    ) {
        self.type = type
        self.source = source
        self.destination = destination
        self.flags = flags
        self.target = target
        self.options = options
    }

    /// Reads a packet from the IPv6 header on, and checks what RFC 4861 §7.1 asks of both messages.
    init?(octets: borrowing Span<UInt8>) {
        guard octets.count >= Self.headerLength + Self.messageLength, octets[0] >> 4 == 6,
            octets[6] == Self.protocolNumber, octets[7] == 255,
            let source = IPv6Address(octets: octets.extracting(8..<24)),
            let destination = IPv6Address(octets: octets.extracting(24..<40))
        else { return nil }
        // What follows the payload is padding of the Ethernet frame.
        let length = Int(octets.number16(at: 4))
        guard length >= Self.messageLength, octets.count >= Self.headerLength + length else { return nil }
        let message = octets.extracting(Self.headerLength..<Self.headerLength + length)
        guard let type = MessageType(rawValue: message[0]), message[1] == 0,
            Self.checksum(of: message, source: source, destination: destination) == 0,
            let target = IPv6Address(octets: message.extracting(8..<24)), !target.isMulticast,
            let options = Options(octets: message.extracting(droppingFirst: Self.messageLength))
        else { return nil }
        self.init(
            type, source: source, destination: destination, flags: message[4], target: target, options: options)
    }

    /// The packet from the IPv6 header on.
    var octets: [UInt8] {
        let optionsLength = options.octetCount
        let length = Self.messageLength + optionsLength
        var message = [UInt8](capacity: length) { output in
            output.append(type.rawValue)
            output.append(0)
            output.append(number16: 0)
            output.append(flags)
            output.append(repeating: 0, count: 3)
            target.writeOctets(to: &output)
            options.write(to: &output)
        }
        let checksum = Self.checksum(of: message.span, source: source, destination: destination)
        message[2] = UInt8(truncatingIfNeeded: checksum >> 8)
        message[3] = UInt8(truncatingIfNeeded: checksum)
        return [UInt8](capacity: Self.headerLength) { output in
            output.append(0x60)
            output.append(repeating: 0, count: 3)
            output.append(number16: UInt16(length))
            output.append(Self.protocolNumber)
            output.append(255)
            source.writeOctets(to: &output)
            destination.writeOctets(to: &output)
        } + message
    }

    /// The Internet checksum over the pseudo header and the message (RFC 8200 §8.1); 0 for a message whose own is right.
    private static func checksum(
        of message: borrowing Span<UInt8>, source: IPv6Address, destination: IPv6Address
    ) -> UInt16 {
        var sum = UInt32(message.count) + UInt32(protocolNumber)
        for address in [source, destination] {
            for group in 0..<8 { sum += UInt32(address.group(group)) }
        }
        for offset in stride(from: 0, to: message.count - 1, by: 2) { sum += UInt32(message.number16(at: offset)) }
        if message.count % 2 == 1 { sum += UInt32(message[message.count - 1]) << 8 }
        while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}

extension NeighborDatagram.Options {
    /// Reads what follows the message; `nil` when an option has no length or is longer than the packet (RFC 4861 §7.1).
    init?(octets: borrowing Span<UInt8>) {
        var offset = 0
        while offset < octets.count {
            guard octets.count - offset >= 8 else { return nil }
            let length = Int(octets[offset + 1]) * 8
            guard length > 0, octets.count - offset >= length else { return nil }
            if length == 8, let mac = MACAddress(octets: octets.extracting(offset + 2..<offset + 8)) {
                switch octets[offset] {
                case 1: sourceLinkAddress = mac
                case 2: targetLinkAddress = mac
                case 14: nonce = mac.bits
                default: break
                }
            }
            offset += length
        }
    }

    private var all: [(type: UInt8, content: UInt64?)] {
        [(1, sourceLinkAddress?.bits), (2, targetLinkAddress?.bits), (14, nonce)]
    }

    var octetCount: Int { all.count { $0.content != nil } * 8 }

    func write(to output: inout OutputSpan<UInt8>) {
        for case (let type, let content?) in all {
            output.append(type)
            output.append(1)
            MACAddress(bits: content).writeOctets(to: &output)
        }
    }
}
