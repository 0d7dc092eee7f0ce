extension AddressRange {
    /// Whether `address` lies between the ends; never for the other family.
    @inlinable
    public func contains(_ address: IPAddress) -> Bool { lowerBound <= address && address <= upperBound }

    /// Whether every address of `other` belongs to this range.
    ///
    /// ```text
    /// self   |----------------|
    /// other      |----|
    /// ```
    @inlinable
    public func contains(_ other: AddressRange) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }

    /// Whether the two share at least one address.
    ///
    /// ```text
    /// self   |---------|
    /// other       |---------|
    /// ```
    @inlinable
    public func overlaps(_ other: AddressRange) -> Bool {
        lowerBound <= other.upperBound && other.lowerBound <= upperBound
    }

    /// Whether this range ends before `other` begins.
    ///
    /// ```text
    /// self   |-----|
    /// other            |-----|
    /// ```
    @inlinable
    public func isEntirelyBefore(_ other: AddressRange) -> Bool { upperBound < other.lowerBound }

    /// Whether one ends directly before the other begins, so that together they are one range.
    ///
    /// ```text
    /// self   |-----|
    /// other         |-----|
    /// ```
    public func isAdjacent(to other: AddressRange) -> Bool {
        upperBound.adding(1) == other.lowerBound || other.upperBound.adding(1) == lowerBound
    }

    /// The addresses that belong to both, or `nil` when there are none.
    @inlinable
    public func intersection(_ other: AddressRange) -> AddressRange? {
        guard overlaps(other) else { return nil }
        return AddressRange(max(lowerBound, other.lowerBound), min(upperBound, other.upperBound))
    }
}

extension AddressRange {
    /// The fewest prefixes that together hold exactly the addresses of the range, in ascending order.
    ///
    /// - Complexity: O(bit width); at most 62 prefixes for IPv4 and 254 for IPv6.
    public var cidrs: [CIDR] {
        var result: [CIDR] = []
        let width = family.bitWidth
        let last = upperBound.bits
        var start = lowerBound.bits
        while true {
            let alignment = Swift.min(start.trailingZeroBitCount, width)
            let room = last - start
            let fitting = room == .max ? 128 : 127 - (room + 1).leadingZeroBitCount
            let hostBits = Swift.min(alignment, fitting)
            let network = IPAddress(trusted: start, family: family)
            result.append(CIDR(network: network, length: UInt8(width - hostBits)))
            let step = hostBits == 128 ? UInt128.max : (UInt128(1) << UInt128(hostBits)) - 1
            let end = start + step
            if end == last { return result }
            start = end + 1
        }
    }

    /// The prefix with exactly the addresses of the range, or `nil` when there is none.
    public var cidr: CIDR? {
        let all = cidrs
        return all.count == 1 ? all.first : nil
    }
}
