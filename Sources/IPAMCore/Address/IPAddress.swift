/// An address of either family: a plain value of seventeen bytes.
///
/// All IPv4 addresses sort before all IPv6 addresses. An IPv4-mapped IPv6 address is an IPv6 address; see
/// ``unmapped`` for turning it into what it stands for.
@frozen
public enum IPAddress: Sendable, Hashable {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)

    /// Makes the address with number `bits` in `family`; `nil` when the number does not fit the family.
    @inlinable
    public init?(bits: UInt128, family: AddressFamily) {
        switch family {
        case .ipv4:
            guard let narrow = UInt32(exactly: bits) else { return nil }
            self = .v4(IPv4Address(bits: narrow))
        case .ipv6:
            self = .v6(IPv6Address(bits: bits))
        }
    }

    /// Makes an address whose number is known to fit, since it came from an address of the same family.
    @inlinable
    init(trusted bits: UInt128, family: AddressFamily) {
        switch family {
        case .ipv4: self = .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))
        case .ipv6: self = .v6(IPv6Address(bits: bits))
        }
    }

    /// The family.
    @inlinable
    public var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// The address as a number within its family.
    @inlinable
    public var bits: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.bits)
        case .v6(let address): address.bits
        }
    }

    /// The IPv4 address, or `nil`.
    @inlinable
    public var v4: IPv4Address? {
        if case .v4(let address) = self { address } else { nil }
    }

    /// The IPv6 address, or `nil`.
    @inlinable
    public var v6: IPv6Address? {
        if case .v6(let address) = self { address } else { nil }
    }

    /// The IPv4 address that an IPv4-mapped IPv6 address stands for; every other address unchanged.
    public var unmapped: IPAddress {
        if case .v6(let address) = self, let mapped = address.mappedIPv4 { .v4(mapped) } else { self }
    }

    /// The smallest address of a family, `0.0.0.0` or `::`.
    @inlinable
    public static func lowest(of family: AddressFamily) -> IPAddress { IPAddress(trusted: 0, family: family) }

    /// The largest address of a family.
    @inlinable
    public static func highest(of family: AddressFamily) -> IPAddress {
        IPAddress(trusted: family.maximumBits, family: family)
    }

    /// The address `offset` further up, or `nil` when that leaves the family.
    @inlinable
    public func adding(_ offset: UInt128) -> IPAddress? {
        let (sum, overflow) = bits.addingReportingOverflow(offset)
        guard !overflow, sum <= family.maximumBits else { return nil }
        return IPAddress(trusted: sum, family: family)
    }

    /// The address `offset` further down, or `nil` when that leaves the family.
    @inlinable
    public func subtracting(_ offset: UInt128) -> IPAddress? {
        let (difference, overflow) = bits.subtractingReportingOverflow(offset)
        return overflow ? nil : IPAddress(trusted: difference, family: family)
    }

    /// How far up `other` is: `nil` when it lies below, or in the other family.
    @inlinable
    public func distance(to other: IPAddress) -> UInt128? {
        guard family == other.family, other.bits >= bits else { return nil }
        return other.bits - bits
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then numeric order.
    @inlinable
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let left), .v4(let right)): left < right
        case (.v6(let left), .v6(let right)): left < right
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}
