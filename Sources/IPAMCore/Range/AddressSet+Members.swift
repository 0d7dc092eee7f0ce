extension AddressSet {
    /// Index of the first range whose last address is not below `address`.
    @inlinable
    func indexOfRange(endingAtOrAfter address: IPAddress) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < address { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether `address` is a member.
    ///
    /// - Complexity: O(log n) in the number of ranges.
    @inlinable
    public func contains(_ address: IPAddress) -> Bool {
        let index = indexOfRange(endingAtOrAfter: address)
        return index < ranges.count && ranges[index].lowerBound <= address
    }

    /// Whether all addresses of `range` are members.
    public func contains(_ range: AddressRange) -> Bool {
        let index = indexOfRange(endingAtOrAfter: range.lowerBound)
        return index < ranges.count && ranges[index].contains(range)
    }

    /// How many members are below `address`, which is a member itself; `nil` when it is not.
    ///
    /// The inverse of ``address(at:)``. Saturates at `UInt128.max`, which only a set of both families with nearly all
    /// of IPv6 exceeds.
    ///
    /// - Complexity: O(log n) in the number of ranges.
    @inlinable
    public func rank(of address: IPAddress) -> UInt128? {
        let index = indexOfRange(endingAtOrAfter: address)
        guard index < ranges.count, ranges[index].lowerBound <= address else { return nil }
        let (rank, overflow) = offsets[index].addingReportingOverflow(address.bits - ranges[index].lowerBound.bits)
        return overflow ? .max : rank
    }

    /// The member with `rank` members below it.
    ///
    /// - Precondition: `rank < count`.
    /// - Complexity: O(log n) in the number of ranges.
    @inlinable
    public func address(at rank: UInt128) -> IPAddress {
        precondition(!isEmpty, "an empty set has no ranks")
        var low = 0
        var high = ranges.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if offsets[middle] <= rank { low = middle } else { high = middle }
        }
        let range = ranges[low]
        let distance = rank - offsets[low]
        // Not compared with the count, which saturates: all of IPv6 has a member with rank `UInt128.max`.
        precondition(
            distance <= range.upperBound.bits - range.lowerBound.bits, "rank is at least the number of members")
        return IPAddress(trusted: range.lowerBound.bits + distance, family: range.family)
    }

    /// The smallest member that is not below `address`; `nil` when there is none.
    ///
    /// - Complexity: O(log n) in the number of ranges.
    @inlinable
    public func next(atOrAfter address: IPAddress) -> IPAddress? {
        let index = indexOfRange(endingAtOrAfter: address)
        guard index < ranges.count else { return nil }
        return max(address, ranges[index].lowerBound)
    }

    /// The members between the ends of `range`.
    ///
    /// - Complexity: O(log n + k), k being the number of ranges in the result.
    public func intersection(_ range: AddressRange) -> AddressSet {
        var result: [AddressRange] = []
        var index = indexOfRange(endingAtOrAfter: range.lowerBound)
        while index < ranges.count, let common = ranges[index].intersection(range) {
            result.append(common)
            index += 1
        }
        return AddressSet(normalized: result)
    }

    /// The fewest prefixes that together hold exactly the members, in ascending order.
    public var cidrs: [CIDR] { ranges.flatMap(\.cidrs) }

    /// The members in ascending order, computed as they are asked for.
    public var addresses: Addresses { Addresses(ranges: ranges[...]) }

    /// The members of a set in ascending order.
    public struct Addresses: Sequence, IteratorProtocol, Sendable {
        private var ranges: ArraySlice<AddressRange>
        private var upcoming: IPAddress?

        init(ranges: ArraySlice<AddressRange>) {
            self.ranges = ranges
            upcoming = ranges.first?.lowerBound
        }

        /// The next member, or `nil` after the last.
        public mutating func next() -> IPAddress? {
            guard let current = upcoming, let range = ranges.first else { return nil }
            if current < range.upperBound {
                upcoming = current.adding(1)
            } else {
                ranges = ranges.dropFirst()
                upcoming = ranges.first?.lowerBound
            }
            return current
        }
    }
}
