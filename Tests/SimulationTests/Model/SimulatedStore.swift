import IPAMCore
import IPAMEngine

/// The truth about a handful of blocks, and all its former states, so that a question can be answered from the past.
struct SimulatedStore {
    /// One block: what it was from the beginning, or the last restore, until now.
    struct Record {
        let key: BlockKey
        var versions: [StoredBlock]

        init(_ stored: StoredBlock) {
            key = stored.block.key
            versions = [stored]
        }

        var current: StoredBlock { versions[versions.count - 1] }
    }

    /// In ascending order; a block that was never written has version 0.
    private(set) var records: [Record]
    /// The latest version of any block. It never falls, so that no version comes twice.
    private var revision: UInt64 = 0
    /// How often a backup was restored.
    private(set) var restores = 0
    private var backup: (blocks: [StoredBlock], revision: UInt64)

    init(_ keys: [BlockKey]) {
        records = keys.map { Record(StoredBlock(Block($0), version: 0)) }
        backup = (records.map(\.current), 0)
    }

    /// The present state.
    var blocks: [StoredBlock] { records.map(\.current) }

    func index(of key: BlockKey) -> Int? { records.firstIndex { $0.key == key } }

    func claim(on address: IPAddress) -> Claim? {
        index(of: BlockKey(containing: address)).flatMap { records[$0].current.block.claim(on: address) }
    }

    func claims(of identity: Claim.Identity) -> [Claim] {
        records.flatMap { record in record.current.block.claims.filter { $0.identity == identity } }
    }

    // MARK: Questions

    /// Answers a question from the given states of all blocks.
    static func answer(_ question: StoreQuestion, from view: [StoredBlock]) -> StoreAnswer {
        switch question {
        case .owned(let searches):
            .blocks(
                view.filter { stored in
                    stored.block.claims.contains { claim in searches.contains { $0.looksFor(claim) } }
                })
        case .blocks(let keys):
            .blocks(keys.map { key in view.first { $0.block.key == key } ?? StoredBlock(Block(key), version: 0) })
        case .vacancies(let candidate, let freshness, let now, let known):
            .blocks(
                vacancies(
                    candidate, freshness, now,
                    view.filter { !known.contains(BlockVersion($0.block.key, version: $0.version)) }))
        case .usage(let candidates, let now):
            .usage(candidates.map { usage(of: $0, now, view) })
        case .write:
            .conflict
        }
    }

    private static func vacancies(
        _ candidate: PoolCandidate, _ freshness: Block.Freshness, _ now: Timestamp, _ view: [StoredBlock]
    ) -> [StoredBlock] {
        var found: [(since: Timestamp, stored: StoredBlock)] = []
        for stored in view where stored.block.key.family == candidate.addresses.family {
            let mask = stored.block.key.mask(of: candidate.addresses)
            guard let slot = stored.block.vacancy(in: mask, now: now, freshness: freshness) else { continue }
            let since = stored.block.rest(of: stored.block.key.address(at: slot))?.since
            found.append((since ?? Timestamp(milliseconds: .min), stored))
        }
        // Equal times keep the order of the addresses.
        var best: [StoredBlock] = []
        while let next = found.indices.min(by: { found[$0].since < found[$1].since }) {
            best.append(found.remove(at: next).stored)
        }
        return best
    }

    /// Counted address by address, as a second opinion on what the engine counts with masks.
    static func usage(of candidate: PoolCandidate, _ now: Timestamp, _ view: [StoredBlock]) -> PoolUsage {
        var usage = PoolUsage(
            pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
        for stored in view {
            usage.claimed += stored.block.claims.count { candidate.addresses.contains($0.address) }
            for rest in stored.block.rests where candidate.addresses.contains(rest.address) && now < rest.until {
                if rest.reason == .cooling { usage.cooling += 1 } else { usage.quarantined += 1 }
            }
        }
        return usage
    }

    // MARK: Changes

    /// Whether every block still has the version that the writer read.
    func accepts(_ writes: [StoredBlock]) -> Bool {
        writes.allSatisfy { write in
            index(of: write.block.key).map { records[$0].current.version == write.version } ?? false
        }
    }

    /// Writes one block whatever its version is.
    mutating func put(_ block: Block) {
        guard let index = index(of: block.key) else { return }
        revision += 1
        records[index].versions.append(StoredBlock(block, version: revision))
        // Nobody's reads are older than the last few states.
        if records[index].versions.count > 6 { records[index].versions.removeFirst() }
    }

    /// Makes a write true if every block still has the version that the writer read.
    mutating func write(_ writes: [StoredBlock]) -> StoreAnswer {
        guard accepts(writes) else { return .conflict }
        for write in writes { put(write.block) }
        return .written
    }

    mutating func makeBackup() { backup = (blocks, revision) }

    /// Brings back the last backup, or the empty store when there was none.
    ///
    /// The versions are new ones: a writer that read before must not take a restored block for the one that it knows.
    mutating func restore(reusingVersions: Bool = false) {
        restores += 1
        if reusingVersions { revision = backup.revision }
        for (index, stored) in backup.blocks.enumerated() {
            var restored = stored
            if !reusingVersions, stored.version > 0 {
                revision += 1
                restored.version = revision
            }
            records[index] = Record(restored)
        }
    }
}

/// For a request with nothing else going on.
extension SimulatedStore: BlockStore {
    mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        if case .write(let writes) = question { return write(writes) }
        return Self.answer(question, from: blocks)
    }
}

extension OwnerSearch {
    /// Text by text, as a second opinion on what the engine finds with numbers.
    fileprivate func looksFor(_ claim: Claim) -> Bool {
        claim.interface == interface && (claim.owner.uid == uid || claim.containerID == containerID)
    }
}
