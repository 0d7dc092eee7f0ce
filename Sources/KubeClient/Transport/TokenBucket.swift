internal import IPAMCore
internal import Synchronization

/// Keeps to a rate limit: every request takes its turn, in the order in which they came.
final class TokenBucket: Sendable {
    private let limit: RateLimit
    private let time: TimeSource
    /// When the bucket was or will be full, and with that how many turns are taken already.
    private let full: Mutex<MonotonicInstant>

    init(_ limit: RateLimit, time: TimeSource) {
        self.limit = limit
        self.time = time
        full = Mutex(time.now)
    }

    /// Takes a turn.
    ///
    /// - Returns: how long to wait for it; `nil`, and no turn, when it would come after the deadline.
    func take(before deadline: MonotonicInstant) -> Duration? {
        let now = time.now
        let cost = Duration.seconds(1 / limit.perSecond)
        return full.withLock { full in
            let next = max(full, now) + cost
            let wait = max(.zero, now.duration(to: next) - cost * Double(limit.burst))
            guard now + wait <= deadline else { return nil }
            full = next
            return wait
        }
    }
}
