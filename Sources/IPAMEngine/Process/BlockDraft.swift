internal import IPAMCore

/// Blocks as one or several decisions want them to become; only what changed is written.
///
/// One decision at a time works on it. What it changed is then confirmed, or taken back.
struct BlockDraft: Sendable {
    struct Entry {
        /// What the store said.
        var original: StoredBlock
        var block: Block
        /// The places of those whose changes were confirmed, ascending unless somebody came again.
        var authors: [Int] = []
        /// The places of those who found something of their own in it, and decided on that.
        var readers: [Int] = []

        var key: BlockKey { original.block.key }
    }

    /// In ascending order.
    private(set) var entries: [Entry] = []
    /// What the present decision changed, as it was before.
    private var former: [SlotState] = []
    /// Where the block stands that was changed last: most of those who follow want the same.
    private var latest = 0

    private func position(of key: BlockKey) -> (index: Int, isThere: Bool) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < entries.count && entries[low].key == key)
    }

    private func index(of key: BlockKey) -> Int? {
        if latest < entries.count, entries[latest].key == key { return latest }
        let (index, isThere) = position(of: key)
        return isThere ? index : nil
    }

    /// Takes over what a store answered, unless the block is known already.
    ///
    /// - Returns: whether a block that was known is the same as before.
    mutating func adopt(_ stored: StoredBlock) -> Bool {
        let (index, isThere) = position(of: stored.block.key)
        if isThere { return entries[index].original.version == stored.version }
        entries.insert(Entry(original: stored, block: stored.block), at: index)
        return true
    }

    /// What a known block became, or `nil`.
    func block(_ key: BlockKey) -> Block? { index(of: key).map { entries[$0].block } }

    /// The version that a block had in the store.
    func version(of key: BlockKey) -> UInt64? { index(of: key).map { entries[$0].original.version } }

    /// Changes what a known block says about an address; `body` says whether it did.
    mutating func update(_ address: IPAddress, _ body: (inout Block) -> Bool) {
        guard let index = index(of: BlockKey(containing: address)) else { return }
        latest = index
        let state = entries[index].block.state(of: address)
        if body(&entries[index].block) { former.append(state) }
    }

    /// The claims of some blocks that fulfil a condition, in the order of the blocks and their addresses.
    func claims(in keys: [BlockKey], where isWanted: (Claim) -> Bool) -> [Claim] {
        var claims: [Claim] = []
        for key in keys {
            guard let index = index(of: key) else { continue }
            for place in entries[index].block.claims.indices where isWanted(entries[index].block.claims[place]) {
                claims.append(entries[index].block.claims[place])
            }
        }
        return claims
    }

    // MARK: Authors

    /// Whether the present decision changed anything.
    var isChanging: Bool { !former.isEmpty }

    /// Ends a decision: what it changed will be written on behalf of `author`.
    mutating func confirm(_ author: Int) {
        while !former.isEmpty {
            let index = index(of: BlockKey(containing: former[former.count - 1].address))
            former.removeLast()
            guard let index, entries[index].authors.last != author else { continue }
            entries[index].authors.append(author)
        }
    }

    /// Remembers that a decision rests on what some known blocks say.
    mutating func note(reader: Int, of keys: [BlockKey]) {
        for key in keys {
            if let index = index(of: key) { entries[index].readers.append(reader) }
        }
    }

    /// Ends a decision without its changes.
    mutating func takeBack() {
        while let state = former.popLast() {
            guard let index = index(of: BlockKey(containing: state.address)) else { continue }
            entries[index].block.restore(state)
        }
    }

    /// What to write, in ascending order.
    var writes: [StoredBlock] {
        var writes: [StoredBlock] = []
        for index in entries.indices where !entries[index].authors.isEmpty {
            writes.append(StoredBlock(entries[index].block, version: entries[index].original.version))
        }
        return writes
    }

    /// The blocks that an author changed.
    func keys(changedBy author: Int) -> [BlockKey] { entries.filter { $0.authors.contains(author) }.map(\.key) }

    /// Whether a block that was to be written is so now.
    func isAsPlanned(_ stored: StoredBlock) -> Bool {
        guard let index = index(of: stored.block.key), !entries[index].authors.isEmpty else { return false }
        return entries[index].original.version != stored.version && entries[index].block == stored.block
    }

    /// Takes a block that is written as it was planned for what the store says.
    ///
    /// - Returns: on whose behalf it was written.
    mutating func rebase(_ stored: StoredBlock) -> [Int] {
        guard let index = index(of: stored.block.key) else { return [] }
        defer { entries[index] = Entry(original: stored, block: stored.block) }
        return entries[index].authors
    }

    /// What an author planned to take of what did not belong to it before.
    func picks(of author: Int, _ search: OwnerSearch) -> [Claim] {
        entries.filter { $0.authors.contains(author) }.flatMap { entry in
            entry.block.claims.filter { claim in
                search.isIdentity(of: claim.holder) && search.isAttachment(of: claim.holder)
                    && !(entry.original.block.claim(on: claim.address).map(search.finds) ?? false)
            }
        }
    }

    /// Forgets some blocks with all that was planned for them: also every other block that one of their authors or
    /// readers changed, since what somebody changes is written as a whole.
    ///
    /// - Returns: all authors and readers of what is gone.
    mutating func forget(_ keys: [BlockKey]) -> Set<Int> {
        var authors: Set<Int> = []
        var isGone = entries.map { entry in keys.contains(entry.key) }
        var before = -1
        while before != authors.count {
            before = authors.count
            for index in entries.indices where isGone[index] {
                authors.formUnion(entries[index].authors)
                authors.formUnion(entries[index].readers)
            }
            for index in entries.indices where entries[index].authors.contains(where: authors.contains) {
                isGone[index] = true
            }
        }
        entries = zip(entries, isGone).filter { !$0.1 }.map(\.0)
        return authors
    }
}
