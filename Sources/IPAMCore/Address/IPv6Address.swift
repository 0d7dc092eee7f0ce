/// An IPv6 address (RFC 4291): a plain value of sixteen bytes.
///
/// The value is kept as two 64-bit words, so that an ``IPAddress`` needs no more than seventeen bytes.
public struct IPv6Address: Sendable, Hashable {
    /// The upper 64 bits: for most unicast addresses, the network.
    public let high: UInt64

    /// The lower 64 bits: for most unicast addresses, the interface identifier.
    public let low: UInt64

    /// Makes an address from its two halves.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an address from its number; `::1` is 1.
    @inlinable
    public init(bits: UInt128) {
        self.init(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }

    /// The address as a number; `::1` is 1.
    @inlinable
    public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// Makes an address from its eight groups.
    ///
    /// ```swift
    /// IPv6Address(0xfd00, 0x10, 0x6, 0, 0, 0, 0, 1)  // fd00:10:6::1
    /// ```
    @inlinable
    public init(
        _ first: UInt16, _ second: UInt16, _ third: UInt16, _ fourth: UInt16,
        _ fifth: UInt16, _ sixth: UInt16, _ seventh: UInt16, _ eighth: UInt16
    ) {
        self.init(
            high: UInt64(first) << 48 | UInt64(second) << 32 | UInt64(third) << 16 | UInt64(fourth),
            low: UInt64(fifth) << 48 | UInt64(sixth) << 32 | UInt64(seventh) << 16 | UInt64(eighth))
    }

    /// The IPv4-mapped form `::ffff:a.b.c.d` of an IPv4 address (RFC 4291 §2.5.5.2).
    @inlinable
    public init(mapping address: IPv4Address) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(address.bits))
    }

    /// The 16-bit group at `index`, 0 being the leftmost; traps outside 0…7.
    @inlinable
    public func group(_ index: Int) -> UInt16 {
        precondition((0..<8).contains(index), "an IPv6 address has groups 0 to 7")
        let word = index < 4 ? high : low
        return UInt16(truncatingIfNeeded: word &>> UInt64(48 &- 16 &* (index & 3)))
    }

    /// `::`.
    public static let unspecified = IPv6Address(high: 0, low: 0)
    /// `::1`.
    public static let loopback = IPv6Address(high: 0, low: 1)
    /// `ff02::1`, all nodes of the link (RFC 4291 §2.7.1).
    public static let linkLocalAllNodes = IPv6Address(high: 0xff02_0000_0000_0000, low: 1)

    /// The address `offset` further up, or `nil` when that is above the last address.
    @inlinable
    public func adding(_ offset: UInt128) -> IPv6Address? {
        let (sum, overflow) = bits.addingReportingOverflow(offset)
        return overflow ? nil : IPv6Address(bits: sum)
    }

    /// The address `offset` further down, or `nil` when that is below `::`.
    @inlinable
    public func subtracting(_ offset: UInt128) -> IPv6Address? {
        let (difference, overflow) = bits.subtractingReportingOverflow(offset)
        return overflow ? nil : IPv6Address(bits: difference)
    }
}

extension IPv6Address: Comparable {
    /// Numeric order.
    @inlinable
    public static func < (left: IPv6Address, right: IPv6Address) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}
