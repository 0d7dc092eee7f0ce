public import IPAMCore
public import IPAMEngine

/// The engine's view; only valid inside ``EmbeddedStore/transaction(durably:_:)``, which makes conflicts impossible.
extension EmbeddedStore: BlockStore {
    /// Answers one question.
    ///
    /// - Complexity: O(log n) in the number of blocks, but for two questions. Where no address is left that was never
    ///   used, the index entries of blocks with resting addresses are passed over, those of other pools too, until one
    ///   has what is wanted. `StoreQuestion.usage`, which is only asked for the text of a refusal, reads all blocks of
    ///   the pools.
    public mutating func answer(_ question: StoreQuestion) throws(StoreError) -> StoreAnswer {
        let answer = try find(question)
        if case .blocks(let blocks) = answer {
            for block in blocks where !known.contains(where: { $0.block.key == block.block.key }) {
                known.append(block)
            }
        }
        return answer
    }

    private mutating func find(_ question: StoreQuestion) throws(StoreError) -> StoreAnswer {
        switch question {
        case .owned(let searches):
            var found: [StoredBlock] = []
            for search in searches {
                for owner in search.names {
                    for block in try blocks(ownedBy: owner, search.interface)
                    where !found.contains(where: { $0.block.key == block.block.key }) {
                        found.append(block)
                    }
                }
            }
            return .blocks(found)
        case .blocks(let keys):
            var blocks: [StoredBlock] = []
            for key in keys { blocks.append(try load(key)) }
            return .blocks(blocks)
        case .vacancies(let candidate, .neverUsed, _, let known):
            return .blocks(try untouchedBlock(candidate, passingOver: known))
        case .vacancies(let candidate, let freshness, let now, let known):
            return .blocks(try restingBlock(candidate, freshness, now, passingOver: known))
        case .usage(let candidates, let now):
            var usage: [PoolUsage] = []
            for candidate in candidates { usage.append(try self.usage(of: candidate, now: now)) }
            return .usage(usage)
        case .write(let blocks):
            return try write(blocks)
        }
    }

    /// The block with this key; an empty one of version 0 when it was never written.
    func load(_ key: BlockKey) throws(StoreError) -> StoredBlock {
        // Never `nil`: no slot is asked for.
        try load(key, unlessTouched: nil) ?? StoredBlock(Block(key), version: 0)
    }

    /// The block with this key, but `nil` without reading more of it when all slots of the mask were used once.
    private func load(_ key: BlockKey, unlessTouched mask: UInt64?) throws(StoreError) -> StoredBlock? {
        var touched: UInt64 = 0
        let row = try database.first(
            "SELECT touched, version, body FROM blocks WHERE key = ?", [.blob(key.base.storageBytes)]
        ) { row in
            touched = UInt64(bitPattern: row.integer(0))
            if let mask, ~touched & mask == 0 { return (version: Int64(0), body: [UInt8]()) }
            return (version: row.integer(1), body: row.blob(2))
        }
        if let mask, ~touched & mask == 0 { return nil }
        guard let row else {
            try ensureNothingHappened(in: key)
            return StoredBlock(Block(key), version: 0)
        }
        return StoredBlock(try decode(row.body, key), version: try version(row.version, of: key))
    }

    /// Makes sure that a block without a row was never used. An index that lost a row would have all its addresses given
    /// out again; the history, which has an index of its own, knows about them.
    private func ensureNothingHappened(in key: BlockKey) throws(StoreError) {
        let known = try database.first(
            "SELECT 1 FROM history WHERE address BETWEEN ? AND ? LIMIT 1",
            [.blob(key.base.storageBytes), .blob(key.address(at: BlockKey.size - 1).storageBytes)]
        ) { _ in true }
        guard known == nil else {
            throw StoreError(.damaged, path: path, detail: "block \(key) is missing, the history knows its addresses")
        }
    }

    /// The version of a stored block, which is at least 1 and can be counted up.
    private func version(_ number: Int64, of key: BlockKey) throws(StoreError) -> UInt64 {
        guard number > 0, number < .max else {
            throw StoreError(.damaged, path: path, detail: "block \(key) has the version \(number)")
        }
        return UInt64(number)
    }

    /// The address that stands in a row; one that cannot be read may belong to somebody, so it is never passed over.
    private func address(_ bytes: [UInt8]) throws(StoreError) -> IPAddress {
        guard let address = IPAddress(storageBytes: bytes) else {
            let hex = bytes.prefix(20).map { String($0, radix: 16) }.joined(separator: " ")
            throw StoreError(.damaged, path: path, detail: "an address is stored as [\(hex)]")
        }
        return address
    }

    func decode(_ body: [UInt8], _ key: BlockKey) throws(StoreError) -> Block {
        let block: Block
        do throws(BlockDecodingError) {
            block = try Block(decoding: body)
        } catch {
            throw StoreError(.damaged, path: path, detail: "block \(key): \(error)")
        }
        guard block.key == key else {
            throw StoreError(.damaged, path: path, detail: "block \(key) holds the content of \(block.key)")
        }
        return block
    }

    /// The block in a row of key, version and body.
    private func storedBlock(_ row: borrowing Row) throws(StoreError) -> StoredBlock {
        let key = BlockKey(containing: try address(row.blob(0)))
        return StoredBlock(try decode(row.blob(2), key), version: try version(row.integer(1), of: key))
    }

    /// The blocks with a claim of a UID or container; the engine looks which of the two it is.
    private mutating func blocks(
        ownedBy owner: String, _ interface: String
    ) throws(StoreError) -> [StoredBlock] {
        if let known = knownOwners.first(where: { $0.owner == owner && $0.interface == interface }) {
            return known.blocks
        }
        var found: [[UInt8]] = []
        try database.query(
            "SELECT address FROM owners WHERE owner = ? AND interface = ? ORDER BY address",
            [.text(owner), .text(interface)]
        ) { row in
            found.append(row.blob(0))
            return true
        }
        var result: [StoredBlock] = []
        for bytes in found {
            let key = BlockKey(containing: try address(bytes))
            if result.last?.block.key != key { result.append(try load(key)) }
        }
        knownOwners.append(KnownOwner(owner: owner, interface: interface, blocks: result))
        return result
    }

    // MARK: Finding room

    /// The first block in which the pool has a never used address.
    ///
    /// A cursor for each pool remembers how far all addresses are used, so nothing is looked at twice. It is an address,
    /// or one byte where nothing is left, and then the fingerprint of the addresses that it was moved for: whoever
    /// comes with others, which a manifest had before or has since, starts over.
    private func untouchedBlock(
        _ candidate: PoolCandidate, passingOver known: [BlockVersion]
    ) throws(StoreError) -> [StoredBlock] {
        guard let lowest = candidate.addresses.lowest else { return [] }
        let cursorName = Self.cursorPrefix + candidate.pool
        let fingerprint = candidate.addresses.fingerprint
        let cursor = try meta(cursorName) { $0.blob(0) }.flatMap { bytes in
            bytes.suffix(8).elementsEqual(fingerprint) ? Array(bytes.dropLast(8)) : nil
        }
        if let cursor, cursor.count == 1 { return [] }
        let start = cursor.flatMap { IPAddress(storageBytes: $0) } ?? lowest
        var next = candidate.addresses.next(atOrAfter: start)
        var (first, found): (BlockKey?, StoredBlock?)
        while let address = next {
            let key = BlockKey(containing: address)
            let mask = key.mask(of: candidate.addresses)
            if let block = try load(key, unlessTouched: mask) {
                // The cursor stays here even if the block is passed over: nobody knows yet what will be written.
                if first == nil { first = key }
                if !known.contains(BlockVersion(key, version: block.version)) {
                    found = block
                    break
                }
            }
            next = key.next.flatMap { candidate.addresses.next(atOrAfter: $0.base) }
        }
        let place = first?.base.storageBytes
        if cursor == nil || place != cursor {
            try database.run(
                "INSERT OR REPLACE INTO meta VALUES(?, ?)", [.text(cursorName), .blob((place ?? [0]) + fingerprint)])
        }
        return found.map { [$0] } ?? []
    }

    /// The first block in which an address of the pool may be used again, those with the longest free address first.
    ///
    /// The index holds all that decides which blocks to read. SQLite is told to use it: by itself it reads and sorts all
    /// blocks of the pool.
    private func restingBlock(
        _ candidate: PoolCandidate, _ freshness: Block.Freshness, _ now: Timestamp, passingOver known: [BlockVersion]
    ) throws(StoreError) -> [StoredBlock] {
        guard let lowest = candidate.addresses.lowest, let highest = candidate.addresses.highest else { return [] }
        var found: StoredBlock?
        var failure: StoreError?
        try database.query(
            """
            SELECT key, version, body FROM blocks INDEXED BY blocks_by_rest
            WHERE oldest_rest IS NOT NULL AND key BETWEEN ? AND ? AND rested_at <= ? ORDER BY oldest_rest, key
            """,
            [
                .blob(BlockKey(containing: lowest).base.storageBytes),
                .blob(BlockKey(containing: highest).base.storageBytes),
                .integer(freshness == .rested ? now.milliseconds : .max),
            ]
        ) { row in
            do throws(StoreError) {
                let stored = try storedBlock(row)
                let mask = stored.block.key.mask(of: candidate.addresses)
                if known.contains(BlockVersion(stored.block.key, version: stored.version)) { return true }
                guard stored.block.vacancy(in: mask, now: now, freshness: freshness) != nil else { return true }
                found = stored
            } catch {
                failure = error
            }
            return false
        }
        if let failure { throw failure }
        return found.map { [$0] } ?? []
    }

    /// How a pool is used now.
    public func usage(of candidate: PoolCandidate, now: Timestamp) throws(StoreError) -> PoolUsage {
        var usage = PoolUsage(
            pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
        for range in candidate.addresses.ranges {
            try forEachBlock(
                from: BlockKey(containing: range.lowerBound), through: BlockKey(containing: range.upperBound)
            ) { usage.add($0.block, within: AddressSet(range), now: now) }
        }
        return usage
    }

    /// Hands all existing blocks between two keys to `body`, in ascending order.
    func forEachBlock(
        from first: BlockKey, through last: BlockKey, _ body: (StoredBlock) -> Void
    ) throws(StoreError) {
        var failure: StoreError?
        try database.query(
            "SELECT key, version, body FROM blocks WHERE key BETWEEN ? AND ? ORDER BY key",
            [.blob(first.base.storageBytes), .blob(last.base.storageBytes)]
        ) { row in
            do throws(StoreError) {
                body(try storedBlock(row))
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    // MARK: Writing

    private mutating func write(_ blocks: [StoredBlock]) throws(StoreError) -> StoreAnswer {
        var before: [Block] = []
        for wanted in blocks {
            let key = wanted.block.key
            var stored = known.first { $0.block.key == key }
            if stored == nil { stored = try load(key) }
            guard let stored, stored.version == wanted.version else { return .conflict }
            before.append(stored.block)
        }
        // What is written as it is only has to fail writes on their way, and transactions are never on their way.
        for (wanted, old) in zip(blocks, before) where wanted.block != old {
            try save(wanted.block, version: wanted.version + 1)
            let changed = wanted.block.slotsDiffering(from: old)
            try index(old: old, new: wanted.block, changed)
            try record(HistoryEvent.changes(from: old, to: wanted.block, in: changed))
        }
        forgetWhatIsKnown()
        return .written
    }

    /// Stores a block. That of version 1 has no row yet.
    func save(_ block: Block, version: UInt64) throws(StoreError) {
        let values: [Value] = [
            .blob(block.key.base.storageBytes), .integer(Int64(bitPattern: version)),
            .integer(Int64(bitPattern: block.occupied | block.resting)),
            block.oldestRest.map { .integer($0.milliseconds) } ?? .null,
            block.rests.map(\.until).min().map { .integer($0.milliseconds) } ?? .null, .blob(block.encoded()),
        ]
        if version > 1 {
            try database.run(
                """
                UPDATE blocks SET version = ?2, touched = ?3, oldest_rest = ?4, rested_at = ?5, body = ?6 WHERE key = ?1
                """, values)
            if database.changedRows > 0 { return }
        }
        try database.run(
            """
            INSERT OR REPLACE INTO blocks(key, version, touched, oldest_rest, rested_at, body)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            """, values)
    }

    /// Brings the index of owners up to date with the slots of one block that have changed.
    private func index(old: Block, new: Block, _ changed: UInt64) throws(StoreError) {
        for claim in old.claims(in: changed) where new.claim(on: claim.address) != claim {
            for owner in claim.indexedOwners {
                try database.run(
                    "DELETE FROM owners WHERE owner = ? AND interface = ? AND address = ?",
                    [.text(owner.name), .text(claim.interface), .blob(claim.address.storageBytes)])
            }
        }
        for claim in new.claims(in: changed) where old.claim(on: claim.address) != claim { try index(claim) }
    }

    /// Makes a claim findable.
    func index(_ claim: Claim) throws(StoreError) {
        for owner in claim.indexedOwners {
            try database.run(
                "INSERT OR REPLACE INTO owners(owner, interface, address, is_container) VALUES(?, ?, ?, ?)",
                [
                    .text(owner.name), .text(claim.interface), .blob(claim.address.storageBytes),
                    .integer(owner.isContainer ? 1 : 0),
                ])
        }
    }
}

extension Claim {
    /// What the claim can be found by; one row when UID and container are the same.
    var indexedOwners: [(name: String, isContainer: Bool)] {
        owner.uid == containerID ? [(containerID, true)] : [(owner.uid, false), (containerID, true)]
    }
}
