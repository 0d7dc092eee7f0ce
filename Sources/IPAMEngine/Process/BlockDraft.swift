import IPAMCore

/// Blocks as a process wants them to become; only what changed is written.
struct BlockDraft {
    private var stored: [BlockKey: StoredBlock] = [:]
    private var changed: Set<BlockKey> = []

    /// Takes over what a store answered, unless the block is known already.
    mutating func adopt(_ blocks: [StoredBlock]) {
        for entry in blocks where stored[entry.block.key] == nil { stored[entry.block.key] = entry }
    }

    /// The present content of a block.
    func block(_ key: BlockKey) -> Block? { stored[key]?.block }

    /// Changes a block; it counts as changed when `body` says so.
    mutating func update(_ key: BlockKey, _ body: (inout Block) -> Bool) {
        guard var entry = stored[key], body(&entry.block) else { return }
        stored[key] = entry
        changed.insert(key)
    }

    /// What to write, in ascending order.
    var writes: [StoredBlock] { changed.sorted().compactMap { stored[$0] } }

    /// The claims of all known blocks that fulfil a condition, in ascending order.
    func claims(where isWanted: (Claim) -> Bool) -> [Claim] {
        stored.values.flatMap(\.block.claims).filter(isWanted).sorted { $0.address < $1.address }
    }
}
