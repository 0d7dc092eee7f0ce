/// A frozen set of addresses, kept as sorted, disjoint, non-adjacent ranges.
///
/// Everything costs time and memory by the number of ranges, never by the number of addresses: a `/64` minus a
/// `/65` is one range. Both families may occur; IPv4 sorts first. Make one from ranges, from prefixes, from the list
/// syntax of manifests, or step by step with an ``AddressSetBuilder``.
///
/// ```swift
/// let pool = try AddressSet(parsing: ["10.6.168.101-10.6.168.110"])
/// let free = pool.subtracting(try AddressSet(parsing: ["10.6.168.105"]))
/// free.count                  // 9
/// free.rangeTexts             // ["10.6.168.101-10.6.168.104", "10.6.168.106-10.6.168.110"]
/// ```
public struct AddressSet: Sendable {
    /// The ranges in ascending order; no two touch each other.
    public let ranges: [AddressRange]

    /// Number of members before each range, saturated.
    @usableFromInline
    let offsets: [UInt128]

    /// Number of members; saturates at `UInt128.max`, which only a set with (nearly) all of IPv6 reaches.
    public let count: UInt128

    /// The set without members.
    public static let empty = AddressSet(normalized: [])

    /// A set of ranges that are sorted, disjoint and not adjacent.
    init(normalized ranges: [AddressRange]) {
        var offsets: [UInt128] = []
        offsets.reserveCapacity(ranges.count)
        var total: UInt128 = 0
        for range in ranges {
            offsets.append(total)
            let (sum, overflow) = total.addingReportingOverflow(range.count)
            total = overflow ? .max : sum
        }
        self.ranges = ranges
        self.offsets = offsets
        count = total
        assert(Self.isNormalized(ranges), "ranges must be sorted, disjoint and not adjacent")
    }

    /// Makes a set from ranges in any order; they may overlap.
    ///
    /// - Complexity: O(n log n) in the number of ranges, O(n) when they are sorted already.
    public init(_ ranges: some Sequence<AddressRange>) {
        self.init(normalized: Self.normalize(Array(ranges)))
    }

    /// Makes a set from prefixes in any order; they may overlap.
    ///
    /// - Complexity: O(n log n) in the number of prefixes, O(n) when they are sorted already.
    public init(_ cidrs: some Sequence<CIDR>) { self.init(cidrs.map(\.range)) }

    /// Makes a set from addresses in any order; neighbours become one range.
    ///
    /// - Complexity: O(n log n) in the number of addresses, O(n) when they are sorted already.
    public init(_ addresses: some Sequence<IPAddress>) { self.init(addresses.map { AddressRange($0) }) }

    /// The addresses of one range.
    public init(_ range: AddressRange) { self.init(normalized: [range]) }

    /// The addresses of one prefix.
    public init(_ cidr: CIDR) { self.init(normalized: [cidr.range]) }

    /// Whether the set has no member.
    @inlinable
    public var isEmpty: Bool { ranges.isEmpty }

    /// The family of all members; `nil` when the set is empty or has members of both.
    public var family: AddressFamily? {
        guard let first = ranges.first?.family, ranges.last?.family == first else { return nil }
        return first
    }

    /// The smallest member.
    public var lowest: IPAddress? { ranges.first?.lowerBound }

    /// The largest member.
    public var highest: IPAddress? { ranges.last?.upperBound }

    /// Sorts and joins ranges.
    static func normalize(_ input: [AddressRange]) -> [AddressRange] {
        var sorted = input
        var isSorted = true
        for index in sorted.indices.dropFirst() where sorted[index] < sorted[index - 1] {
            isSorted = false
            break
        }
        if !isSorted { sorted.sort() }
        var joined = RangeAccumulator(capacity: sorted.count)
        for range in sorted { joined.append(range) }
        return joined.ranges
    }

    static func isNormalized(_ ranges: [AddressRange]) -> Bool {
        zip(ranges, ranges.dropFirst()).allSatisfy { lower, upper in
            lower.isEntirelyBefore(upper) && !lower.isAdjacent(to: upper)
        }
    }
}

extension AddressSet: Hashable {
    /// Two sets are equal when they have the same members.
    public static func == (left: AddressSet, right: AddressSet) -> Bool { left.ranges == right.ranges }

    /// Hashes the ranges, which are the same for equal sets.
    public func hash(into hasher: inout Hasher) { hasher.combine(ranges) }
}

/// Takes ranges in ascending order of their first address and joins what overlaps or touches.
struct RangeAccumulator {
    private(set) var ranges: [AddressRange] = []

    init(capacity: Int) { ranges.reserveCapacity(capacity) }

    mutating func append(_ range: AddressRange) {
        guard let last = ranges.last, last.family == range.family else { return ranges.append(range) }
        let touches = range.lowerBound <= last.upperBound || last.upperBound.bits + 1 == range.lowerBound.bits
        guard touches else { return ranges.append(range) }
        if range.upperBound > last.upperBound {
            ranges[ranges.count - 1] = AddressRange(last.lowerBound, range.upperBound)
        }
    }
}
