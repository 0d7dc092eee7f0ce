import IPAMCore
import IPAMEngine

/// The plainest right store, which looks at all blocks for every question: what `MemoryStore` must agree with.
struct LinearStore: BlockStore {
    private(set) var blocks: [BlockKey: StoredBlock] = [:]

    private var sorted: [StoredBlock] { blocks.values.sorted { $0.block.key < $1.block.key } }

    mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        switch question {
        case .owned(let searches):
            return .blocks(
                sorted.filter { $0.block.claims.contains { claim in searches.contains { $0.looksFor(claim) } } })
        case .blocks(let keys):
            return .blocks(keys.map(stored))
        case .vacancies(let candidate, let freshness, let now, let known):
            return .blocks(vacancies(candidate, freshness, now, known))
        case .usage(let candidates, let now):
            return .usage(candidates.map { usage($0, now) })
        case .write(let writes):
            guard writes.allSatisfy({ $0.version == stored($0.block.key).version }) else { return .conflict }
            for write in writes { blocks[write.block.key] = StoredBlock(write.block, version: write.version + 1) }
            return .written
        }
    }

    private func stored(_ key: BlockKey) -> StoredBlock { blocks[key] ?? StoredBlock(Block(key), version: 0) }

    private func vacancies(
        _ candidate: PoolCandidate, _ freshness: Block.Freshness, _ now: Timestamp, _ known: [BlockVersion]
    ) -> [StoredBlock] {
        var best: (since: Timestamp?, stored: StoredBlock)?
        for key in Set(candidate.addresses.addresses.map { BlockKey(containing: $0) }).sorted() {
            let stored = stored(key)
            let mask = key.mask(of: candidate.addresses)
            guard !known.contains(BlockVersion(key, version: stored.version)),
                let slot = stored.block.vacancy(in: mask, now: now, freshness: freshness)
            else { continue }
            guard let since = stored.block.rest(of: key.address(at: slot))?.since else { return [stored] }
            if best?.since.map({ since < $0 }) ?? true { best = (since, stored) }
        }
        return best.map { [$0.stored] } ?? []
    }

    /// Counted address by address.
    private func usage(_ candidate: PoolCandidate, _ now: Timestamp) -> PoolUsage {
        var usage = PoolUsage(
            pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
        for address in candidate.addresses.addresses {
            let block = stored(BlockKey(containing: address)).block
            if block.claim(on: address) != nil { usage.claimed += 1 }
            guard let rest = block.rest(of: address), now < rest.until else { continue }
            if rest.isQuarantined(at: now) { usage.quarantined += 1 } else { usage.cooling += 1 }
        }
        return usage
    }
}

extension OwnerSearch {
    /// Text by text, as a second opinion on what the engine finds with numbers.
    fileprivate func looksFor(_ claim: Claim) -> Bool {
        claim.interface == interface && (claim.owner.uid == uid || claim.containerID == containerID)
    }
}
