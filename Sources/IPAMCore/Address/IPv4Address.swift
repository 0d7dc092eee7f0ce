/// An IPv4 address (RFC 791): a plain value of four bytes.
///
/// ```swift
/// let gateway = try IPv4Address(parsing: "10.6.0.1")
/// gateway.adding(1)       // 10.6.0.2
/// gateway.isPrivate       // true, RFC 1918
/// ```
public struct IPv4Address: Sendable, Hashable {
    /// The address as a number in host byte order; `10.0.0.1` is `0x0a00_0001`.
    public let bits: UInt32

    /// Makes an address from its number in host byte order.
    @inlinable
    public init(bits: UInt32) { self.bits = bits }

    /// Makes an address from its four numbers: `IPv4Address(10, 6, 0, 1)`.
    @inlinable
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        bits = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// The four bytes in network order.
    @inlinable
    public var octets: (UInt8, UInt8, UInt8, UInt8) {
        (
            UInt8(truncatingIfNeeded: bits >> 24), UInt8(truncatingIfNeeded: bits >> 16),
            UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)
        )
    }

    /// `0.0.0.0`.
    public static let unspecified = IPv4Address(bits: 0)
    /// `127.0.0.1`.
    public static let loopback = IPv4Address(127, 0, 0, 1)
    /// `255.255.255.255`.
    public static let broadcast = IPv4Address(bits: .max)

    /// The address `offset` further up, or `nil` when that is above `255.255.255.255`.
    @inlinable
    public func adding(_ offset: UInt32) -> IPv4Address? {
        let (sum, overflow) = bits.addingReportingOverflow(offset)
        return overflow ? nil : IPv4Address(bits: sum)
    }

    /// The address `offset` further down, or `nil` when that is below `0.0.0.0`.
    @inlinable
    public func subtracting(_ offset: UInt32) -> IPv4Address? {
        let (difference, overflow) = bits.subtractingReportingOverflow(offset)
        return overflow ? nil : IPv4Address(bits: difference)
    }
}

extension IPv4Address: Comparable {
    /// Numeric order.
    @inlinable
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.bits < right.bits }
}
