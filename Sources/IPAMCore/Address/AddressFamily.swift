/// The two address families of the Internet Protocol.
///
/// The raw value is the number that users write in manifests (`ipVersion: 4`) and that CNI results carry.
public enum AddressFamily: UInt8, Sendable, Hashable, CaseIterable, Comparable {
    /// IPv4, RFC 791.
    case ipv4 = 4
    /// IPv6, RFC 8200.
    case ipv6 = 6

    /// Width of an address in bits: 32 or 128.
    @inlinable
    public var bitWidth: Int { self == .ipv4 ? 32 : 128 }

    /// The largest address of the family as a number.
    @inlinable
    public var maximumBits: UInt128 { self == .ipv4 ? UInt128(UInt32.max) : .max }

    /// IPv4 sorts before IPv6.
    @inlinable
    public static func < (left: AddressFamily, right: AddressFamily) -> Bool { left.rawValue < right.rawValue }
}

extension AddressFamily: CustomStringConvertible {
    /// `IPv4` or `IPv6`.
    public var description: String { self == .ipv4 ? "IPv4" : "IPv6" }
}
