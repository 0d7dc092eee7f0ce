/// A network prefix (RFC 4632 for IPv4, RFC 4291 §2.3 for IPv6): always a network address, never one with host bits.
///
/// ```swift
/// let rack = try CIDR(parsing: "10.6.0.0/16")
/// rack.contains(IPAddress("10.6.168.101")!)   // true
/// try CIDR(parsing: "10.6.0.1/16")            // throws: … write "10.6.0.0/16"
/// ```
public struct CIDR: Sendable, Hashable {
    /// The first address of the prefix.
    public let network: IPAddress

    @usableFromInline
    let length: UInt8

    /// Number of leading bits that all addresses of the prefix share: 0…32 or 0…128.
    @inlinable
    public var prefixLength: Int { Int(length) }

    @usableFromInline
    init(network: IPAddress, length: UInt8) {
        self.network = network
        self.length = length
    }

    /// The prefix of the given length that contains `address`; `nil` when the family has no such length.
    public init?(containing address: IPAddress, prefixLength: Int) {
        guard 0...address.family.bitWidth ~= prefixLength else { return nil }
        let mask = Self.hostMask(prefixLength, family: address.family)
        self.init(
            network: IPAddress(trusted: address.bits & ~mask, family: address.family), length: UInt8(prefixLength))
    }

    /// The prefix that holds one address only.
    public init(_ address: IPAddress) {
        self.init(network: address, length: UInt8(address.family.bitWidth))
    }

    /// The host part of a prefix as ones.
    @inlinable
    static func hostMask(_ prefixLength: Int, family: AddressFamily) -> UInt128 {
        let hostBits = family.bitWidth - prefixLength
        return hostBits == 128 ? .max : (UInt128(1) << UInt128(hostBits)) - 1
    }

    /// `0.0.0.0/0` or `::/0`.
    public static func everything(in family: AddressFamily) -> CIDR {
        CIDR(network: .lowest(of: family), length: 0)
    }

    /// The family.
    @inlinable
    public var family: AddressFamily { network.family }

    /// The host part as ones; for `10.6.0.0/16`, `0.0.255.255` as a number.
    @inlinable
    public var hostMask: UInt128 { Self.hostMask(prefixLength, family: family) }

    /// The mask as an address: `255.255.0.0` for a `/16`.
    public var mask: IPAddress {
        IPAddress(trusted: ~hostMask & family.maximumBits, family: family)
    }

    /// The last address; in an IPv4 prefix shorter than `/31`, the directed broadcast address.
    @inlinable
    public var lastAddress: IPAddress { IPAddress(trusted: network.bits | hostMask, family: family) }

    /// The addresses from ``network`` to ``lastAddress``.
    public var range: AddressRange { AddressRange(network, lastAddress) }

    /// Number of addresses; `UInt128.max` for `::/0`, which has one more.
    @inlinable
    public var count: UInt128 { hostMask == .max ? .max : hostMask + 1 }

    /// Whether the prefix is `0.0.0.0/0` or `::/0`.
    public var isDefault: Bool { length == 0 }
}

extension CIDR: Comparable {
    /// By network, the larger prefix before those that it contains.
    public static func < (left: CIDR, right: CIDR) -> Bool {
        left.network == right.network ? left.length < right.length : left.network < right.network
    }
}
