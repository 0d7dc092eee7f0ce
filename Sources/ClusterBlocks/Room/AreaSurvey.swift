internal import IPAMCore

/// What the list of an area said, brought up to date by what was read since.
struct AreaSurvey: Sendable {
    struct Entry: Sendable {
        var occupied: UInt64
        var resting: UInt64
        var restsEnd: Timestamp
        var resourceVersion: UInt64

        init(_ summary: BlockSummary) {
            (occupied, resting, restsEnd) = (summary.occupied, summary.resting, summary.restsEnd)
            resourceVersion = summary.resourceVersion
        }

        /// How many of some slots can surely be used without disturbing anybody.
        func room(in mask: UInt64, now: Timestamp) -> Int {
            let untouched = (mask & ~(occupied | resting)).nonzeroBitCount
            return restsEnd <= now ? untouched + (mask & resting).nonzeroBitCount : untouched
        }
    }

    let area: BlockArea
    /// When the list was asked for.
    let begin: MonotonicInstant
    /// Whether it was one that cannot be older than that.
    let isConsistent: Bool
    private(set) var entries: [Int: Entry] = [:]
    private let resourceVersion: UInt64

    init(
        _ area: BlockArea, _ summaries: [BlockSummary], resourceVersion: UInt64, begin: MonotonicInstant,
        isConsistent: Bool
    ) {
        self.area = area
        self.begin = begin
        self.isConsistent = isConsistent
        self.resourceVersion = resourceVersion
        for summary in summaries where BlockArea(containing: summary.key) == area {
            entries[area.index(of: summary.key)] = Entry(summary)
        }
    }

    /// Takes over what is known of a block, if that is newer.
    mutating func note(_ summary: BlockSummary) {
        let index = area.index(of: summary.key)
        guard (entries[index]?.resourceVersion ?? 0) < summary.resourceVersion else { return }
        entries[index] = Entry(summary)
    }

    mutating func noteAbsence(of key: BlockKey) { entries[area.index(of: key)] = nil }

    /// A block of the area that does not exist, has addresses of a set, and is none that `isPassed` names.
    ///
    /// - Parameters:
    ///   - addresses: The set.
    ///   - start: Where to begin, so that not everybody takes the same.
    ///   - isPassed: Whether somebody has plans for it already.
    /// - Returns: the block; `nil` when there is none.
    func missing(in addresses: AddressSet, from start: Int, isPassed: (BlockKey) -> Bool) -> BlockKey? {
        var best: BlockKey?
        for step in 0..<BlockArea.size {
            let index = (start + step) % BlockArea.size
            guard entries[index] == nil, let key = area.key(at: index) else { continue }
            let mask = key.mask(of: addresses)
            guard mask != 0, !isPassed(key) else { continue }
            // One with few addresses soon needs another one.
            if mask == .max { return key }
            if best == nil { best = key }
        }
        return best
    }
}
