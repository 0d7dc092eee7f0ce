import IPAMCore

/// Blocks as a process wants them to become; only what changed is written.
///
/// They are few, one or two for each family, so they stand in a list.
struct BlockDraft {
    private var entries: [(stored: StoredBlock, isChanged: Bool)] = []

    /// Takes over what a store answered, unless the block is known already.
    ///
    /// - Returns: whether every block that was known is the same as before.
    mutating func adopt(_ blocks: [StoredBlock]) -> Bool {
        var isCoherent = true
        for block in blocks {
            if let known = index(of: block.block.key) {
                isCoherent = isCoherent && entries[known].stored.version == block.version
            } else {
                entries.append((block, false))
            }
        }
        return isCoherent
    }

    private func index(of key: BlockKey) -> Int? { entries.firstIndex { $0.stored.block.key == key } }

    /// The present content of a block.
    func block(_ key: BlockKey) -> Block? { index(of: key).map { entries[$0].stored.block } }

    /// Changes a block; it counts as changed when `body` says so.
    mutating func update(_ key: BlockKey, _ body: (inout Block) -> Bool) {
        guard let index = index(of: key), body(&entries[index].stored.block) else { return }
        entries[index].isChanged = true
    }

    /// What to write, in ascending order.
    var writes: [StoredBlock] {
        entries.filter(\.isChanged).map(\.stored).sorted { $0.block.key < $1.block.key }
    }

    /// The claims of all known blocks that fulfil a condition, in ascending order.
    func claims(where isWanted: (Claim) -> Bool) -> [Claim] {
        var claims: [Claim] = []
        for entry in entries { claims += entry.stored.block.claims.filter(isWanted) }
        return claims.sorted { $0.address < $1.address }
    }
}
