public import IPAMCore

/// A store in memory, for programs that need no disk, for benchmarks and for tests.
///
/// What owns what is found by hash tables, a never used address by a cursor for each pool, the longest free one by the
/// `RestIndex`; only the numbers for a refusal are counted by looking at all blocks.
public struct MemoryStore: BlockStore, Sendable {
    /// How far all addresses of a pool are used.
    private struct Cursor {
        let addresses: AddressSet
        /// The first block in which one may be left; `nil` when none is.
        var place: BlockKey?
    }

    /// In the order in which they were first written.
    private var blocks: [StoredBlock] = []
    private var places: [BlockKey: Int] = [:]
    /// The places of the blocks in which an owner, found by UID or by container, has an address.
    private var owners = OwnerIndex()
    private var cursors: [String: Cursor] = [:]
    private var rests = RestIndex()

    /// Makes an empty store.
    public init() {}

    /// All claims in ascending order of their addresses.
    public var claims: [Claim] {
        blocks.flatMap(\.block.claims).sorted { $0.address < $1.address }
    }

    /// Answers one question.
    ///
    /// - Complexity: O(1) but for three questions. A resting address is searched in O(√n), n being the number of blocks
    ///   with such addresses; `StoreQuestion.usage`, which is only asked for the text of a refusal, looks at all blocks;
    ///   and a pool whose addresses have changed is searched from its beginning once.
    public mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        switch question {
        case .owned(let searches):
            return .blocks(blocks(foundBy: searches))
        case .blocks(let keys):
            return .blocks(keys.map(stored))
        case .vacancies(let candidate, .neverUsed, _, let known):
            return .blocks(untouchedBlock(candidate, known).map { [$0] } ?? [])
        case .vacancies(let candidate, let freshness, let now, let known):
            return .blocks(restingBlock(candidate, freshness, now, known).map { [$0] } ?? [])
        case .usage(let candidates, let now):
            return .usage(candidates.map { usage($0, now) })
        case .write(let writes):
            for write in writes where write.version != known(write.block.key)?.version ?? 0 { return .conflict }
            for write in writes { put(write.block) }
            return .written
        }
    }

    private func known(_ key: BlockKey) -> StoredBlock? { places[key].map { blocks[$0] } }

    private func stored(_ key: BlockKey) -> StoredBlock { known(key) ?? StoredBlock(Block(key), version: 0) }

    /// The blocks with a claim that is looked for, in ascending order, none twice.
    private func blocks(foundBy searches: [OwnerSearch]) -> [StoredBlock] {
        let found = owners.places(foundBy: searches) { blocks[$0].block }.map { blocks[$0] }
        return found.count > 1 ? found.sorted { $0.block.key < $1.block.key } : found
    }

    // MARK: Finding room

    private mutating func untouchedBlock(_ candidate: PoolCandidate, _ known: [BlockVersion]) -> StoredBlock? {
        let addresses = candidate.addresses
        var cursor = cursors[candidate.pool]
        if cursor?.addresses != addresses {
            cursor = Cursor(addresses: addresses, place: addresses.lowest.map { BlockKey(containing: $0) })
        }
        var place = cursor?.place
        // The cursor stays at the first block with room, also when it is passed over.
        var isPassed = false
        var found: StoredBlock?
        while let key = place {
            let stored = stored(key)
            let mask = key.mask(of: addresses)
            if stored.block.untouched & mask != 0 {
                if !isPassed { cursor?.place = key }
                isPassed = true
                if !known.contains(BlockVersion(key, version: stored.version)) {
                    found = stored
                    break
                }
            }
            place = key.next.flatMap { addresses.next(atOrAfter: $0.base) }.map { BlockKey(containing: $0) }
        }
        if !isPassed { cursor?.place = nil }
        cursors[candidate.pool] = cursor
        return found
    }

    private func restingBlock(
        _ candidate: PoolCandidate, _ freshness: Block.Freshness, _ now: Timestamp, _ known: [BlockVersion]
    ) -> StoredBlock? {
        var best: (since: Timestamp, stored: StoredBlock)?
        for range in candidate.addresses.ranges {
            rests.search(range, until: freshness == .rested ? now : nil) { key in
                guard let stored = self.known(key), !known.contains(BlockVersion(key, version: stored.version)),
                    let slot = stored.block.vacancy(
                        in: key.mask(of: candidate.addresses), now: now, freshness: freshness),
                    let since = stored.block.rest(of: key.address(at: slot))?.since,
                    best.map({ since < $0.since }) ?? true
                else { return best?.since }
                best = (since, stored)
                return since
            }
        }
        return best?.stored
    }

    private func usage(_ candidate: PoolCandidate, _ now: Timestamp) -> PoolUsage {
        var usage = PoolUsage(
            pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
        for stored in blocks { usage.add(stored.block, within: candidate.addresses, now: now) }
        return usage
    }

    // MARK: Writing

    private mutating func put(_ block: Block) {
        let place: Int
        if let known = places[block.key] {
            place = known
        } else {
            place = blocks.count
            places[block.key] = place
            blocks.append(StoredBlock(Block(block.key), version: 0))
        }
        owners.update(from: blocks[place].block, to: block, at: place)
        if block.resting != 0 || blocks[place].block.resting != 0 { rests.update(block) }
        blocks[place] = StoredBlock(block, version: blocks[place].version + 1)
    }
}
