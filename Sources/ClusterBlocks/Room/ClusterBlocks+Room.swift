internal import IPAMCore
internal import IPAMEngine

/// Where there is room, in this order: own blocks with never used addresses, blocks that do not exist, own rested
/// addresses, blocks of other nodes with the most room, and what cools, own before others.
extension ClusterBlocks {
    /// How many lists are asked for at once.
    private static let surveyLimit = 8

    mutating func findRoom(_ search: RoomSearch, _ now: MonotonicInstant) -> ClusterStep {
        guard search.areas.count > 0 else { return .answer(.blocks([])) }
        if let own = ownRoom(search, [search.freshness]) { return .answer(.blocks([own])) }
        switch search.freshness {
        case .neverUsed:
            return newBlock(search, now) ?? .answer(.blocks([]))
        case .rested:
            return foreignRoom(search, [.neverUsed, .rested]) ?? .answer(.blocks([]))
        case .cooling:
            // Before it is said that there is nothing, the present is looked at, down to the last address.
            return foreignRoom(search, Block.Freshness.allCases) ?? certainty(search) ?? newBlock(search, now)
                ?? foreignRoom(search, Block.Freshness.allCases) ?? .answer(.blocks([]))
        }
    }

    /// The own block with the best address; of never used ones, the block with the fewest, so that others get empty.
    private func ownRoom(_ search: RoomSearch, _ kinds: [Block.Freshness]) -> StoredBlock? {
        var best: (since: Timestamp, left: Int, stored: StoredBlock)?
        known.forEach { block in
            guard block.node == label, !search.isPlanned(block.key, block.stored.version),
                let since = search.room(in: block.stored.block, kinds)
            else { return }
            let left = block.stored.block.untouched.nonzeroBitCount
            if let best, (best.since, best.left) <= (since, left) { return }
            best = (since, left, block.stored)
        }
        return best?.stored
    }

    /// A block that does not exist, or the lists that it takes to find one; `nil` when all exist.
    private mutating func newBlock(_ search: RoomSearch, _ now: MonotonicInstant) -> ClusterStep? {
        let count = search.areas.count
        // Each node begins elsewhere, and always in the same place: what it asks for is mostly its own.
        var seed = SplitMix64(seed: label.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
        let start = count > UInt128(Self.surveyLimit) ? seed.next(through: count - 1) : 0
        var missing: [BlockCall] = []
        var step: UInt128 = 0
        while step < count {
            let sum = count - start > step ? start + step : step - (count - start)
            step += 1
            guard let area = search.areas.area(at: sum) else { continue }
            guard let survey = surveys[area] else {
                missing.append(.survey(area, isConsistent: false))
                // One list after the other where there are many: the first mostly has room.
                if count > UInt128(Self.surveyLimit) || missing.count == Self.surveyLimit { return .calls(missing) }
                continue
            }
            guard missing.isEmpty else { continue }
            let place = Int(random.next() % UInt64(BlockArea.size))
            if let key = survey.missing(in: search.addresses, from: place, isPassed: { search.isPlanned($0, 0) }) {
                return .answer(.blocks([StoredBlock(Block(key), version: 0)]))
            }
        }
        return missing.isEmpty ? nil : .calls(missing)
    }

    /// A block of another node with room, or the call that reads it; `nil` when none has.
    private mutating func foreignRoom(_ search: RoomSearch, _ kinds: [Block.Freshness]) -> ClusterStep? {
        var best: [(room: Int, key: BlockKey)] = []
        for survey in surveys.values where search.areas.contains(survey.area) {
            for (index, entry) in survey.entries {
                guard let key = survey.area.key(at: index) else { continue }
                let mask = key.mask(of: search.addresses)
                guard mask & ~entry.occupied != 0 else { continue }
                var room = entry.room(in: mask, now: search.moment)
                if room == 0, kinds.contains(.cooling) { room = 1 }
                guard room > 0, !isExhausted(key, entry, search, kinds) else { continue }
                best.append((room, key))
            }
        }
        guard let most = best.map(\.room).max() else { return nil }
        // Not all at the same one.
        let good = best.filter { 2 * $0.room >= most }.map(\.key).sorted()
        let key = good[Int(random.next() % UInt64(good.count))]
        guard isUpToDate(key, surveys[BlockArea(containing: key)]), let block = known[key] else {
            return .calls([.read(key)])
        }
        return .answer(.blocks([block.stored]))
    }

    /// Whether a block is known well enough to say that it has no room, or none that is not planned already.
    private func isExhausted(
        _ key: BlockKey, _ entry: AreaSurvey.Entry, _ search: RoomSearch, _ kinds: [Block.Freshness]
    ) -> Bool {
        guard let block = known[key], block.resourceVersion >= entry.resourceVersion, isUpToDate(key) else {
            return false
        }
        return search.isPlanned(key, block.stored.version) || search.room(in: block.stored.block, kinds) == nil
    }

    private func isUpToDate(_ key: BlockKey, _ survey: AreaSurvey?) -> Bool {
        guard let block = known[key], isUpToDate(key) else { return false }
        let listed = survey?.entries[survey?.area.index(of: key) ?? 0]?.resourceVersion ?? 0
        return block.resourceVersion >= listed
    }

    /// The lists that it takes to know the present since the batch began; `nil` when they are there.
    private func certainty(_ search: RoomSearch) -> ClusterStep? {
        var missing: [BlockCall] = []
        var step: UInt128 = 0
        while step < search.areas.count, missing.count < Self.surveyLimit {
            if let area = search.areas.area(at: step) {
                let survey = surveys[area]
                if survey?.isConsistent != true || survey.map({ $0.begin < batchBegin }) ?? true {
                    missing.append(.survey(area, isConsistent: true))
                }
            }
            step += 1
        }
        return missing.isEmpty ? nil : .calls(missing)
    }

    // MARK: Numbers

    /// How pools are used, for the text of a refusal.
    mutating func count(_ candidates: [PoolCandidate], _ moment: Timestamp, _ now: MonotonicInstant) -> ClusterStep {
        var numbers: [PoolUsage] = []
        for candidate in candidates {
            var usage = PoolUsage(
                pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
            let areas = AreaRuns(candidate.addresses)
            for survey in surveys.values where areas.contains(survey.area) {
                for (index, entry) in survey.entries {
                    guard let key = survey.area.key(at: index) else { continue }
                    let mask = key.mask(of: candidate.addresses)
                    if let block = known[key], block.resourceVersion >= entry.resourceVersion {
                        usage.add(block.stored.block, within: candidate.addresses, now: moment)
                    } else {
                        usage.claimed += (entry.occupied & mask).nonzeroBitCount
                        if entry.restsEnd > moment { usage.cooling += (entry.resting & mask).nonzeroBitCount }
                    }
                }
            }
            numbers.append(usage)
        }
        return .answer(.usage(numbers))
    }
}
