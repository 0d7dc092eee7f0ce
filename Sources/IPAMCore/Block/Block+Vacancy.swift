extension Block {
    /// How fresh an address must be to be picked, best first.
    public enum Freshness: UInt8, Sendable, Hashable, CaseIterable, Comparable {
        /// Nobody ever had it.
        case neverUsed
        /// Its rest is over; of several, the one that is free for longest.
        case rested
        /// Released a short while ago; better than refusing a workload.
        case cooling

        /// Best first.
        public static func < (left: Freshness, right: Freshness) -> Bool { left.rawValue < right.rawValue }
    }

    /// The slot to use next among those of `mask`, of exactly the given freshness; `nil` when there is none.
    ///
    /// Of never used slots the lowest, of the others the one that is free for longest. A quarantined address is only
    /// found once its time is over, see ``Rest/isQuarantined(at:)``.
    public func vacancy(in mask: UInt64, now: Timestamp, freshness: Freshness) -> Int? {
        switch freshness {
        case .neverUsed:
            let free = untouched & mask
            return free == 0 ? nil : free.trailingZeroBitCount
        case .rested:
            return longestFree(in: mask) { $0.until <= now }
        case .cooling:
            return longestFree(in: mask) { !$0.isQuarantined(at: now) }
        }
    }

    private func longestFree(in mask: UInt64, where isUsable: (Rest) -> Bool) -> Int? {
        var best: (since: Timestamp, slot: Int)?
        for rest in rests {
            guard let slot = key.slot(of: rest.address), mask & (1 << UInt64(slot)) != 0, isUsable(rest) else {
                continue
            }
            if best.map({ rest.since < $0.since }) ?? true { best = (rest.since, slot) }
        }
        return best?.slot
    }

    /// When the longest free of the resting addresses became free; `nil` when none rests.
    public var oldestRest: Timestamp? { rests.map(\.since).min() }
}
