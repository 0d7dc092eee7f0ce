internal import IPAMCore

/// Where something of an owner may be: a hash table from ``OwnerHash`` to small numbers.
///
/// An owner may have several entries, also equal ones. Open addressing with linear probing in one piece of memory: an
/// entry costs 16 bytes, of which at most seven of eight places are in use, and what is looked up is nearly always in one
/// cache line.
struct OwnerTable: Sendable {
    private struct Entry: Sendable {
        var owner: UInt64
        /// One more than the number; 0 marks a place that is not in use.
        var mark: UInt32
    }

    private var entries: [Entry] = []
    private(set) var count = 0

    /// Makes an empty table.
    init() {}

    /// Makes an empty table in which so many entries find room.
    init(capacity: Int) {
        var size = 16
        while capacity >= size / 8 * 7 { size *= 2 }
        entries = Array(repeating: Entry(owner: 0, mark: 0), count: size)
    }

    private func place(of owner: UInt64) -> Int { Int(truncatingIfNeeded: owner) & (entries.count - 1) }

    /// Hands every number of an owner to `body`.
    func forEach(_ owner: OwnerHash, _ body: (Int) -> Void) {
        guard count > 0 else { return }
        var place = place(of: owner.bits)
        while entries[place].mark != 0 {
            if entries[place].owner == owner.bits { body(Int(entries[place].mark) - 1) }
            place = (place + 1) & (entries.count - 1)
        }
    }

    /// Whether an owner has an entry.
    func contains(_ owner: OwnerHash) -> Bool {
        guard count > 0 else { return false }
        var place = place(of: owner.bits)
        while entries[place].mark != 0 {
            if entries[place].owner == owner.bits { return true }
            place = (place + 1) & (entries.count - 1)
        }
        return false
    }

    /// Adds an entry.
    ///
    /// - Precondition: `number` is below 2³² − 1.
    mutating func insert(_ owner: OwnerHash, _ number: Int) {
        if count >= entries.count / 8 * 7 { grow() }
        put(Entry(owner: owner.bits, mark: UInt32(number + 1)))
        count += 1
    }

    private mutating func put(_ entry: Entry) {
        var place = place(of: entry.owner)
        while entries[place].mark != 0 { place = (place + 1) & (entries.count - 1) }
        entries[place] = entry
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Entry(owner: 0, mark: 0), count: max(16, old.count * 2))
        for entry in old where entry.mark != 0 { put(entry) }
    }

    /// Removes one entry; nothing happens when there is none.
    mutating func remove(_ owner: OwnerHash, _ number: Int) {
        guard count > 0 else { return }
        var hole = place(of: owner.bits)
        while entries[hole].owner != owner.bits || entries[hole].mark != UInt32(number + 1) {
            guard entries[hole].mark != 0 else { return }
            hole = (hole + 1) & (entries.count - 1)
        }
        count -= 1
        // Whoever stands behind and would be looked for from the hole or before it moves there.
        var next = (hole + 1) & (entries.count - 1)
        while entries[next].mark != 0 {
            let distance = (next - place(of: entries[next].owner)) & (entries.count - 1)
            if distance >= (next - hole) & (entries.count - 1) {
                entries[hole] = entries[next]
                hole = next
            }
            next = (next + 1) & (entries.count - 1)
        }
        entries[hole] = Entry(owner: 0, mark: 0)
    }
}
