/// A 48-bit hardware address (IEEE 802 EUI-48): a plain value of six bytes.
public struct MACAddress: Sendable, Hashable {
    /// The six bytes in transmission order.
    @usableFromInline
    let storage: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)

    /// Makes an address from its six bytes: `MACAddress(0x0a, 0x1b, 0xac, 0x16, 0x04, 0x0a)`.
    @inlinable
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8, _ fifth: UInt8, _ sixth: UInt8) {
        storage = (first, second, third, fourth, fifth, sixth)
    }

    /// Makes an address from the lower 48 bits of a number; the upper 16 are ignored.
    @inlinable
    public init(bits: UInt64) {
        self.init(
            UInt8(truncatingIfNeeded: bits >> 40), UInt8(truncatingIfNeeded: bits >> 32),
            UInt8(truncatingIfNeeded: bits >> 24), UInt8(truncatingIfNeeded: bits >> 16),
            UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits))
    }

    /// Reads six bytes in transmission order, as packets and kernel messages carry them; `nil` for any other number.
    @inlinable
    public init?(octets: borrowing Span<UInt8>) {
        guard octets.count == 6 else { return nil }
        self.init(octets[0], octets[1], octets[2], octets[3], octets[4], octets[5])
    }

    /// Appends the six bytes in transmission order; traps without room for them.
    @inlinable
    public func writeOctets(to output: inout OutputSpan<UInt8>) {
        for shift in stride(from: 40, through: 0, by: -8) { output.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }

    /// The address as a 48-bit number; the first byte is the most significant.
    @inlinable
    public var bits: UInt64 {
        UInt64(storage.0) << 40 | UInt64(storage.1) << 32 | UInt64(storage.2) << 24
            | UInt64(storage.3) << 16 | UInt64(storage.4) << 8 | UInt64(storage.5)
    }

    /// The six bytes in transmission order.
    @inlinable
    public var octets: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) { storage }

    /// `ff:ff:ff:ff:ff:ff`.
    public static let broadcast = MACAddress(bits: 0xffff_ffff_ffff)
    /// `00:00:00:00:00:00`, which no interface may carry.
    public static let zero = MACAddress(bits: 0)

    /// The lowest bit of the first byte: a group address, which no interface may carry (IEEE 802 §8.2).
    public var isMulticast: Bool { storage.0 & 1 == 1 }
    /// The second bit of the first byte: administered by the owner, not by a vendor (IEEE 802 §8.2).
    public var isLocallyAdministered: Bool { storage.0 & 2 == 2 }
    /// Whether an interface can carry the address: unicast and not zero.
    public var isAssignable: Bool { !isMulticast && bits != 0 }

    /// Makes the fixed address of an interface from a two-byte prefix and its IP address.
    ///
    /// The result is `prefix` followed by four bytes of the IP address: all of an IPv4 address, the last four of an
    /// IPv6 address. For an interface with both, IPv4 decides.
    ///
    /// ```swift
    /// MACAddress(prefix: (0x0a, 0x1b), address: .v4(IPv4Address(172, 22, 4, 10)))  // 0a:1b:ac:16:04:0a
    /// ```
    ///
    /// - Returns: `nil` when the prefix has the group bit set, which no interface may carry.
    public init?(prefix: (UInt8, UInt8), address: IPAddress) {
        guard prefix.0 & 1 == 0 else { return nil }
        let suffix = UInt64(truncatingIfNeeded: address.bits) & 0xffff_ffff
        self.init(bits: UInt64(prefix.0) << 40 | UInt64(prefix.1) << 32 | suffix)
    }

    /// The modified EUI-64 interface identifier of the address (RFC 4291, appendix A).
    public var interfaceIdentifier: UInt64 {
        let upper = bits >> 24
        let lower = bits & 0xff_ffff
        return (upper << 40 | 0xff_fe00_0000 | lower) ^ 0x0200_0000_0000_0000
    }

    /// The link-local IPv6 address that the kernel derives from the hardware address (RFC 4862 §5.3, EUI-64 mode).
    public var linkLocalAddress: IPv6Address { IPv6Address(high: 0xfe80_0000_0000_0000, low: interfaceIdentifier) }

    /// Two addresses are equal when all six bytes are.
    @inlinable
    public static func == (left: MACAddress, right: MACAddress) -> Bool { left.bits == right.bits }

    /// Hashes the six bytes.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(bits) }
}

extension MACAddress: Comparable {
    /// Order of the 48-bit numbers.
    @inlinable
    public static func < (left: MACAddress, right: MACAddress) -> Bool { left.bits < right.bits }
}

extension MACAddress: LosslessStringConvertible {
    /// Reads six pairs of hexadecimal digits, separated by `:` or by `-` throughout.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing text: String) throws(AddressParseError) {
        try self.init(parsing: text.utf8.span)
    }

    /// Reads six pairs of hexadecimal digits from UTF-8 bytes without allocating.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        do throws(ParseFailure) {
            self = try Self.parse(utf8)
        } catch {
            throw AddressParseError(error, in: utf8)
        }
    }

    private static func parse(_ utf8: borrowing Span<UInt8>) throws(ParseFailure) -> MACAddress {
        guard utf8.count > 0 else { throw ParseFailure(.empty, at: 0) }
        var bits: UInt64 = 0
        for index in 0..<17 {
            guard index < utf8.count else { throw ParseFailure(.unexpectedEnd, at: index) }
            if index % 3 == 2 {
                let separator = utf8[2]
                guard separator == ASCII.colon || separator == ASCII.dash, utf8[index] == separator else {
                    throw ParseFailure(.malformedMAC, at: index)
                }
            } else {
                guard let digit = ASCII.hexValue(utf8[index]) else { throw ParseFailure(.malformedMAC, at: index) }
                bits = bits << 4 | UInt64(digit)
            }
        }
        guard utf8.count == 17 else { throw ParseFailure(.trailingCharacters, at: 17) }
        return MACAddress(bits: bits)
    }

    /// Reads six pairs of hexadecimal digits; `nil` where ``init(parsing:)-(String)`` would throw.
    public init?(_ description: String) {
        guard let address = try? MACAddress(parsing: description) else { return nil }
        self = address
    }

    /// Lower case, separated by colons: `0a:1b:ac:16:04:0a`.
    public var description: String {
        String(asciiCapacity: 17) { output in
            for shift in stride(from: UInt64(40), through: 0, by: -8) {
                let byte = UInt8(truncatingIfNeeded: bits >> shift)
                output.append(ASCII.hexDigit(byte >> 4))
                output.append(ASCII.hexDigit(byte & 0xf))
                if shift > 0 { output.append(ASCII.colon) }
            }
        }
    }
}
