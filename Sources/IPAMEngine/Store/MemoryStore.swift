public import IPAMCore

/// A store in memory: the plainest right implementation, for tests, benchmarks and programs that need no disk.
///
/// Questions are answered by looking at all blocks of the pool, so it suits small numbers of addresses.
public struct MemoryStore: BlockStore, Sendable {
    private var blocks: [BlockKey: StoredBlock] = [:]

    /// Makes an empty store.
    public init() {}

    /// All claims in ascending order of their addresses.
    public var claims: [Claim] {
        blocks.values.flatMap(\.block.claims).sorted { $0.address < $1.address }
    }

    /// Answers one question.
    public mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        switch question {
        case .ownedBy(let identity):
            return .blocks(blocks.values.filter { $0.block.claims.contains { $0.identity == identity } })
        case .attachedTo(let attachment):
            return .blocks(blocks.values.filter { $0.block.claims.contains { $0.attachment == attachment } })
        case .blocks(let keys):
            return .blocks(keys.map { blocks[$0] ?? StoredBlock(Block($0), version: 0) })
        case .vacancies(let candidate, let freshness, let now):
            return .blocks(vacancies(candidate, freshness, now))
        case .usage(let candidates, let now):
            return .usage(candidates.map { usage($0, now) })
        case .write(let writes):
            for write in writes where write.version != blocks[write.block.key]?.version ?? 0 { return .conflict }
            for write in writes { blocks[write.block.key] = StoredBlock(write.block, version: write.version + 1) }
            return .written
        }
    }

    private func vacancies(_ candidate: PoolCandidate, _ freshness: Block.Freshness, _ now: Timestamp) -> [StoredBlock]
    {
        var best: (since: Timestamp?, block: StoredBlock)?
        var next = candidate.addresses.lowest
        while let address = next {
            let key = BlockKey(containing: address)
            let stored = blocks[key] ?? StoredBlock(Block(key), version: 0)
            if let slot = stored.block.vacancy(in: key.mask(of: candidate.addresses), now: now, freshness: freshness) {
                let since = stored.block.rest(of: key.address(at: slot))?.since
                guard let since else { return [stored] }
                if best?.since.map({ since < $0 }) ?? true { best = (since, stored) }
            }
            next = key.next.flatMap { candidate.addresses.next(atOrAfter: $0.base) }
            if next?.family != address.family { next = nil }
        }
        return best.map { [$0.block] } ?? []
    }

    private func usage(_ candidate: PoolCandidate, _ now: Timestamp) -> PoolUsage {
        var usage = PoolUsage(
            pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
        for stored in blocks.values { usage.add(stored.block, within: candidate.addresses, now: now) }
        return usage
    }
}

extension PoolUsage {
    /// Adds what a block knows about the addresses of a set.
    public mutating func add(_ block: Block, within addresses: AddressSet, now: Timestamp) {
        let mask = block.key.mask(of: addresses)
        claimed += (block.occupied & mask).nonzeroBitCount
        for rest in block.rests where addresses.contains(rest.address) && rest.until > now {
            if rest.isQuarantined(at: now) { quarantined += 1 } else { cooling += 1 }
        }
    }
}
