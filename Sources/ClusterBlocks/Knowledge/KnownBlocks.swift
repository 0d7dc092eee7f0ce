internal import IPAMCore
internal import IPAMEngine

/// Blocks in memory, found by key or by who owns something in them.
struct KnownBlocks: Sendable {
    private var blocks: [KnownBlock?] = []
    private var free: [Int] = []
    private var places: [BlockKey: Int] = [:]
    private var owners = OwnerIndex()

    subscript(key: BlockKey) -> KnownBlock? { places[key].flatMap { blocks[$0] } }

    var count: Int { places.count }

    /// In no particular, but always the same order.
    var all: [KnownBlock] { blocks.compactMap(\.self) }

    /// Hands each to `body`.
    func forEach(_ body: (KnownBlock) -> Void) {
        for block in blocks { if let block { body(block) } }
    }

    mutating func put(_ block: KnownBlock) {
        if let place = places[block.key] {
            let old = blocks[place]?.stored.block ?? Block(block.key)
            owners.update(from: old, to: block.stored.block, at: place)
            blocks[place] = block
            return
        }
        let place = free.popLast() ?? blocks.count
        if place == blocks.count { blocks.append(block) } else { blocks[place] = block }
        places[block.key] = place
        owners.update(from: Block(block.key), to: block.stored.block, at: place)
    }

    mutating func remove(_ key: BlockKey) {
        guard let place = places.removeValue(forKey: key), let block = blocks[place] else { return }
        owners.update(from: block.stored.block, to: Block(key), at: place)
        blocks[place] = nil
        free.append(place)
    }

    /// The blocks with a claim that is looked for, in ascending order, none twice.
    func blocks(foundBy searches: [OwnerSearch]) -> [StoredBlock] {
        owners.places(foundBy: searches) { blocks[$0]?.stored.block }
            .compactMap { blocks[$0]?.stored }.sorted { $0.block.key < $1.block.key }
    }
}
