public import IPAMCore
public import IPAMEngine
internal import PoolModel

extension EmbeddedStore {
    /// Mends what ``check()`` finds and can be mended, without giving any address to a second owner.
    ///
    /// Indices and search numbers are computed again. A block that cannot be read, or is missing, is made anew: addresses
    /// whose owner the index knows keep it, all other addresses that were ever used are quarantined.
    ///
    /// - Parameters:
    ///   - now: The present moment, from which quarantines count.
    ///   - bootID: Boot ID of the running host. A claim that is made anew ends with the next reboot, since nobody knows any
    ///     more whether it would have outlived that. Empty to keep such claims until they are released.
    ///   - policy: How long they last.
    /// - Returns: what was found, before mending.
    /// - Throws: ``TransactionFailure`` when the file cannot be written; nothing was changed then.
    public mutating func repair(
        now: Timestamp, bootID: String = "", policy: ReusePolicy = ReusePolicy()
    ) throws(TransactionFailure<StoreError>) -> [Finding] {
        try transaction(durably: true) { store throws(StoreError) in
            let findings = try store.check()
            try store.database.execute("REINDEX")
            let owners = Dictionary(grouping: try store.ownerRows()) { BlockKey(containing: $0.address) }
            // Pools that cannot be read own nothing here; their claims are kept all the same.
            let pools = (try? store.pools()) ?? []
            var blocks: [Block] = []
            let rows = try store.storedBlocks()
            let inPlace = Set(rows.filter { !$0.isMisplaced }.compactMap(\.key))
            for row in rows {
                guard let key = row.key else { continue }
                if row.isMisplaced {
                    // Of two that say they are the same, nobody knows which is right.
                    guard !inPlace.contains(key) else { continue }
                    try store.database.run("DELETE FROM blocks WHERE rowid = ?", [.integer(row.number)])
                }
                switch row.content {
                case .success(let block): blocks.append(block)
                case .failure:
                    let block = Self.rebuild(key, touched: row.touched, owners[key] ?? [], pools, now, bootID, policy)
                    try store.record(HistoryEvent.changes(from: Block(key), to: block, appearingAs: .restored))
                    blocks.append(block)
                }
                if let block = blocks.last { try store.save(block, version: (row.version ?? 0) + 1) }
            }
            let present = Set(rows.compactMap(\.key))
            for (key, touched) in try store.slotsInHistory() where !present.contains(key) {
                let block = Self.rebuild(key, touched: touched, owners[key] ?? [], pools, now, bootID, policy)
                try store.record(HistoryEvent.changes(from: Block(key), to: block, appearingAs: .restored))
                try store.save(block, version: 1)
                blocks.append(block)
            }
            try store.database.run("DELETE FROM owners")
            for claim in blocks.flatMap(\.claims) { try store.index(claim) }
            try store.dropCursors()
            return findings
        }
    }

    private static func rebuild(
        _ key: BlockKey, touched: UInt64, _ owners: [OwnerRow], _ pools: [SpiderIPPool], _ now: Timestamp,
        _ bootID: String, _ policy: ReusePolicy
    ) -> Block {
        var block = Block(key)
        for (address, rows) in Dictionary(grouping: owners, by: \.address) {
            guard let container = rows.first(where: \.isContainer) else { continue }
            let uid = rows.first { !$0.isContainer }?.owner ?? container.owner
            let pool = pools.first { $0.declaredAddresses.contains(address) }?.name ?? ""
            _ = block.claim(
                Claim(
                    address: address, pool: pool, owner: Claim.Owner(uid: uid), interface: container.interface,
                    containerID: container.owner, bootID: bootID, since: now))
        }
        for slot in 0..<BlockKey.size where touched & ~block.occupied & (1 << UInt64(slot)) != 0 {
            _ = block.quarantine(key.address(at: slot), at: now, until: now.adding(policy.quarantineTime))
        }
        return block
    }
}
