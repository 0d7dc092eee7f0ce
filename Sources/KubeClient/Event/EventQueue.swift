/// Events that wait to be written: equal ones are one, and there are never more than a limit.
struct EventQueue {
    /// What makes events equal.
    struct Key: Hashable {
        let about: ObjectReference
        let severity: KubeEvent.Severity
        let reason: String
        let message: String
        let action: String?
    }

    private var waiting: [Key] = []
    private var counts: [Key: Int64] = [:]
    private let limit: Int
    /// How many were left out because there were too many.
    private(set) var dropped: Int64 = 0

    init(limit: Int) { self.limit = limit }

    /// Adds an event.
    mutating func add(_ key: Key, count: Int64 = 1) {
        if let present = counts[key] {
            counts[key] = present + count
        } else if waiting.count < limit {
            waiting.append(key)
            counts[key] = count
        } else {
            dropped += count
        }
    }

    /// Counts events that were given up.
    mutating func drop(_ count: Int64) { dropped += count }

    /// Takes the event that waits longest.
    mutating func take() -> (key: Key, count: Int64)? {
        guard !waiting.isEmpty else { return nil }
        let key = waiting.removeFirst()
        return (key, counts.removeValue(forKey: key) ?? 1)
    }
}
