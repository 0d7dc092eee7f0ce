internal import Glibc

/// A point of the clock that only runs forward: for deadlines within one process.
///
/// It is what `ContinuousClock.Instant` is, counted from the start of the machine with the time it slept
/// (`CLOCK_BOOTTIME`, clock_gettime(2)), but without the concurrency runtime, which would cost every static executable
/// half a megabyte and a good part of its start.
public struct MonotonicInstant: Sendable, Hashable {
    /// The time since the machine was started.
    public let sinceBoot: Duration

    /// Wraps a reading of the clock.
    public init(sinceBoot: Duration) {
        self.sinceBoot = sinceBoot
    }

    /// The present point.
    public static var now: Self {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Self(sinceBoot: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    /// The time from this point to another; negative when that one is earlier.
    public func duration(to other: Self) -> Duration {
        other.sinceBoot - sinceBoot
    }

    /// The point that much later.
    public static func + (instant: Self, time: Duration) -> Self {
        Self(sinceBoot: instant.sinceBoot + time)
    }
}

extension MonotonicInstant: Comparable {
    /// Whether one point comes before another.
    public static func < (left: Self, right: Self) -> Bool {
        left.sinceBoot < right.sinceBoot
    }
}
