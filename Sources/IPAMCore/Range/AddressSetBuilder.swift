/// Collects insertions and removals and makes an ``AddressSet`` of them.
///
/// Steps apply in the order in which they are given: what is inserted after a removal is in the set.
///
/// ```swift
/// var builder = AddressSetBuilder()
/// builder.insert(try CIDR(parsing: "fd00::/64"))
/// builder.remove(try CIDR(parsing: "fd00::8000:0:0:0/65"))
/// builder.build().count  // 2⁶³
/// ```
///
/// - Complexity: each run of insertions or removals costs O(n log n) in the number of its ranges when it ends.
public struct AddressSetBuilder: Sendable {
    private var base = AddressSet.empty
    private var inserted: [AddressRange] = []
    private var removed: [AddressRange] = []

    /// Makes a builder without members.
    public init() {}

    /// Makes a builder with the members of a set.
    public init(_ set: AddressSet) { base = set }

    /// Adds the addresses of a range.
    public mutating func insert(_ range: AddressRange) {
        if !removed.isEmpty { base = build() }
        inserted.append(range)
    }

    /// Adds one address.
    public mutating func insert(_ address: IPAddress) { insert(AddressRange(address)) }

    /// Adds the addresses of a prefix.
    public mutating func insert(_ cidr: CIDR) { insert(cidr.range) }

    /// Adds the members of a set.
    public mutating func insert(_ set: AddressSet) { for range in set.ranges { insert(range) } }

    /// Takes the addresses of a range away.
    public mutating func remove(_ range: AddressRange) { removed.append(range) }

    /// Takes one address away.
    public mutating func remove(_ address: IPAddress) { remove(AddressRange(address)) }

    /// Takes the addresses of a prefix away.
    public mutating func remove(_ cidr: CIDR) { remove(cidr.range) }

    /// Takes the members of a set away.
    public mutating func remove(_ set: AddressSet) { for range in set.ranges { remove(range) } }

    /// The set that the steps so far describe; the builder can be used further.
    public mutating func build() -> AddressSet {
        if !inserted.isEmpty { base = base.union(AddressSet(inserted)) }
        if !removed.isEmpty { base = base.subtracting(AddressSet(removed)) }
        inserted.removeAll()
        removed.removeAll()
        return base
    }
}
