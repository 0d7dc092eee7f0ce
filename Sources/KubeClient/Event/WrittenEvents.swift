internal import IPAMCore

/// The events that were written lately, so that another one of the same kind raises a count.
struct WrittenEvents {
    /// An event in the cluster.
    struct Entry {
        let name: String
        let count: Int64
        /// When it was written last.
        let at: MonotonicInstant
    }

    private var entries: [EventQueue.Key: Entry] = [:]
    private let limit: Int
    /// After this time without another one, an event of the same kind is a new one.
    private static let window = Duration.seconds(600)

    init(limit: Int) { self.limit = limit }

    func find(_ key: EventQueue.Key, now: MonotonicInstant) -> Entry? {
        entries[key].flatMap { $0.at.duration(to: now) < Self.window ? $0 : nil }
    }

    mutating func remember(_ key: EventQueue.Key, _ entry: Entry) {
        if entries.count >= limit, entries[key] == nil {
            entries = entries.filter { $0.value.at.duration(to: entry.at) < Self.window }
            if entries.count >= limit, let oldest = entries.min(by: { $0.value.at < $1.value.at })?.key {
                entries[oldest] = nil
            }
        }
        entries[key] = entry
    }
}
