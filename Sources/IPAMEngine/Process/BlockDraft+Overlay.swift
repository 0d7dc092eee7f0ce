internal import IPAMCore

/// What a store cannot know: how the blocks look after the plans that are not written yet.
extension BlockDraft {
    /// The best address of a set, of exactly the given freshness, in the known blocks; `nil` when there is none.
    func vacancy(in addresses: AddressSet, _ freshness: Block.Freshness, now: Timestamp) -> IPAddress? {
        freshness == .neverUsed ? untouched(addresses) : longestFree(addresses, freshness, now)
    }

    /// An address that was never used: the lowest of the last block that has one.
    private func untouched(_ addresses: AddressSet) -> IPAddress? {
        // Whoever came last found room; what is lower is mostly full.
        for index in entries.indices.reversed() {
            var free = entries[index].block.untouched
            if free != 0 { free &= entries[index].key.mask(of: addresses) }
            if free != 0 { return entries[index].key.address(at: free.trailingZeroBitCount) }
        }
        return nil
    }

    private func longestFree(
        _ addresses: AddressSet, _ freshness: Block.Freshness, _ now: Timestamp
    ) -> IPAddress? {
        var best: Rest?
        for index in entries.indices where entries[index].block.resting != 0 {
            let mask = entries[index].key.mask(of: addresses) & entries[index].block.resting
            guard mask != 0, let slot = entries[index].block.vacancy(in: mask, now: now, freshness: freshness),
                let rest = entries[index].block.rest(of: entries[index].key.address(at: slot))
            else { continue }
            if best.map({ rest.since < $0.since }) ?? true { best = rest }
        }
        return best?.address
    }

    /// The known blocks of a family.
    func known(_ family: AddressFamily?) -> [BlockVersion] {
        var known: [BlockVersion] = []
        for index in entries.indices where family == nil || entries[index].key.family == family {
            known.append(BlockVersion(entries[index].key, version: entries[index].original.version))
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
