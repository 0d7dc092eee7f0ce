public import IPAMCore

/// The first two bytes of hardware addresses that are made from IP addresses (`podMACPrefix`).
public struct MACPrefix: Sendable, Hashable {
    /// The first byte; its lowest bit is 0, since the address is of one interface and not of a group.
    public let first: UInt8
    /// The second byte.
    public let second: UInt8

    /// Reads two bytes in hexadecimal with `:` or `-` between them, for example `0a:1b`.
    ///
    /// - Parameter text: The text; `nil` comes back for any other, and for a first byte that is odd.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") || bytes[2] == UInt8(ascii: "-"),
            let first = Self.byte(bytes[0], bytes[1]), let second = Self.byte(bytes[3], bytes[4]), first & 1 == 0
        else { return nil }
        self.first = first
        self.second = second
    }

    /// The hardware address for an interface with the given address: the prefix and the last four bytes of the address.
    ///
    /// - Parameter address: The address.
    /// - Returns: For example `0a:1b:ac:16:04:0a` for 172.22.4.10; never `nil` for a prefix that was read.
    public func address(for address: IPAddress) -> MACAddress? { MACAddress(prefix: (first, second), address: address) }

    private static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = digit(high), let low = digit(low) else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
