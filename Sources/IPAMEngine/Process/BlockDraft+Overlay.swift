internal import IPAMCore

/// What a store cannot know: how the blocks look after the plans that are not written yet.
extension BlockDraft {
    /// The lowest known block with a never used address of a pool.
    func untouchedBlock(_ candidate: PoolCandidate) -> BlockKey? {
        // Whoever came last found room; what is lower is mostly full.
        for entry in entries.reversed() where entry.block.untouched != 0 {
            if entry.block.untouched & entry.key.mask(of: candidate.addresses) != 0 { return entry.key }
        }
        return nil
    }

    /// The known block with the longest free address of a pool.
    func restingBlock(_ candidate: PoolCandidate, _ freshness: Block.Freshness, _ now: Timestamp) -> BlockKey? {
        var best: (since: Timestamp, key: BlockKey)?
        for entry in entries where entry.block.resting != 0 {
            let mask = entry.key.mask(of: candidate.addresses) & entry.block.resting
            guard mask != 0, let slot = entry.block.vacancy(in: mask, now: now, freshness: freshness),
                let since = entry.block.rest(of: entry.key.address(at: slot))?.since
            else { continue }
            if best.map({ since < $0.since }) ?? true { best = (since, entry.key) }
        }
        return best?.key
    }

    /// The known blocks of a family.
    func known(_ family: AddressFamily?) -> [BlockVersion] {
        var known: [BlockVersion] = []
        for entry in entries where family == nil || entry.key.family == family {
            known.append(BlockVersion(entry.key, version: entry.original.version))
        }
        return known
    }

    /// The changed blocks in which a claim fulfils a condition.
    func changedBlocks(where isWanted: (Claim) -> Bool) -> [BlockKey] {
        entries.filter { !$0.authors.isEmpty && $0.block.claims.contains(where: isWanted) }.map(\.key)
    }

    /// Numbers of the store, with the plans counted in.
    func corrected(_ usage: [PoolUsage], _ candidates: [PoolCandidate], _ now: Timestamp) -> [PoolUsage] {
        zip(usage, candidates).map { usage, candidate in
            var corrected = usage
            for entry in entries {
                let none = PoolUsage(pool: candidate.pool, capacity: 0, claimed: 0, cooling: 0, quarantined: 0)
                var (before, after) = (none, none)
                before.add(entry.original.block, within: candidate.addresses, now: now)
                after.add(entry.block, within: candidate.addresses, now: now)
                corrected.claimed += after.claimed - before.claimed
                corrected.cooling += after.cooling - before.cooling
                corrected.quarantined += after.quarantined - before.quarantined
            }
            return corrected
        }
    }
}
