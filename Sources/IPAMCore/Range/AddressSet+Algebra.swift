extension AddressSet {
    /// The members of either set.
    ///
    /// - Complexity: O(n + m) in the number of ranges.
    public func union(_ other: AddressSet) -> AddressSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        var result = RangeAccumulator(capacity: ranges.count + other.ranges.count)
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            if ranges[left] < other.ranges[right] {
                result.append(ranges[left])
                left += 1
            } else {
                result.append(other.ranges[right])
                right += 1
            }
        }
        while left < ranges.count {
            result.append(ranges[left])
            left += 1
        }
        while right < other.ranges.count {
            result.append(other.ranges[right])
            right += 1
        }
        return AddressSet(normalized: result.ranges)
    }

    /// The members of this set that are not in `other`.
    ///
    /// - Complexity: O(n + m) in the number of ranges.
    public func subtracting(_ other: AddressSet) -> AddressSet {
        if isEmpty || other.isEmpty { return self }
        var result: [AddressRange] = []
        result.reserveCapacity(ranges.count)
        var right = 0
        for range in ranges {
            var start = range.lowerBound
            var isConsumed = false
            while right < other.ranges.count, other.ranges[right].upperBound < start { right += 1 }
            var index = right
            while index < other.ranges.count, other.ranges[index].lowerBound <= range.upperBound {
                let hole = other.ranges[index]
                if hole.lowerBound > start, let end = hole.lowerBound.subtracting(1) {
                    result.append(AddressRange(start, end))
                }
                guard hole.upperBound < range.upperBound, let next = hole.upperBound.adding(1) else {
                    isConsumed = true
                    break
                }
                start = next
                index += 1
            }
            right = index
            if !isConsumed { result.append(AddressRange(start, range.upperBound)) }
        }
        return AddressSet(normalized: result)
    }

    /// The members of both sets: what the two have in common, ready to be named in an error.
    ///
    /// - Complexity: O(n + m) in the number of ranges.
    public func intersection(_ other: AddressSet) -> AddressSet {
        var result: [AddressRange] = []
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            if let common = ranges[left].intersection(other.ranges[right]) { result.append(common) }
            if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
        }
        return AddressSet(normalized: result)
    }

    /// The members of exactly one of the two sets.
    ///
    /// - Complexity: O(n + m) in the number of ranges.
    public func symmetricDifference(_ other: AddressSet) -> AddressSet {
        subtracting(other).union(other.subtracting(self))
    }

    /// Whether every member of this set is in `other`.
    ///
    /// - Complexity: O(n + m) in the number of ranges.
    public func isSubset(of other: AddressSet) -> Bool {
        var index = 0
        for range in ranges {
            while index < other.ranges.count, other.ranges[index].upperBound < range.lowerBound { index += 1 }
            guard index < other.ranges.count, other.ranges[index].contains(range) else { return false }
        }
        return true
    }

    /// Whether the two have no member in common; stops at the first common address.
    public func isDisjoint(with other: AddressSet) -> Bool {
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            if ranges[left].overlaps(other.ranges[right]) { return false }
            if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
        }
        return true
    }
}
