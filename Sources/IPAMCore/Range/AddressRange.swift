/// A closed interval of addresses of one family: both ends belong to it, and it is never empty.
///
/// Text form: `10.6.168.101-10.6.168.120`, or one address alone.
public struct AddressRange: Sendable, Hashable {
    /// The first address.
    public let lowerBound: IPAddress

    /// The last address.
    public let upperBound: IPAddress

    /// Makes a range from its ends.
    ///
    /// - Precondition: both belong to one family and `lowerBound <= upperBound`.
    @inlinable
    public init(_ lowerBound: IPAddress, _ upperBound: IPAddress) {
        precondition(lowerBound.family == upperBound.family, "a range lies within one address family")
        precondition(lowerBound <= upperBound, "a range runs upwards")
        self.lowerBound = lowerBound
        self.upperBound = upperBound
    }

    /// A range of ends that are known to be ordered.
    @inlinable
    init(trusted lowerBound: UInt128, _ upperBound: UInt128, family: AddressFamily) {
        self.lowerBound = IPAddress(trusted: lowerBound, family: family)
        self.upperBound = IPAddress(trusted: upperBound, family: family)
    }

    /// The range that holds one address.
    @inlinable
    public init(_ address: IPAddress) {
        lowerBound = address
        upperBound = address
    }

    /// The family of all addresses.
    @inlinable
    public var family: AddressFamily { lowerBound.family }

    /// Number of addresses; `UInt128.max` for the whole IPv6 space, which has one more.
    @inlinable
    public var count: UInt128 {
        let distance = upperBound.bits - lowerBound.bits
        return distance == .max ? .max : distance + 1
    }
}

extension AddressRange: Comparable {
    /// By first address, then by last.
    @inlinable
    public static func < (left: AddressRange, right: AddressRange) -> Bool {
        left.lowerBound == right.lowerBound
            ? left.upperBound < right.upperBound : left.lowerBound < right.lowerBound
    }
}
