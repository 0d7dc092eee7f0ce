/// How often and how long a probe asks.
///
/// RFC 5227 asks for three probes with one to two seconds between them, which no container can wait for. The standard
/// schedule sends three within 140 ms and decides after at most 210 ms.
public struct ProbeSchedule: Sendable, Hashable {
    /// How many frames are sent before silence is the answer.
    public var tries: Int
    /// The least time between two frames, and between the last one and the end.
    public var interval: Duration
    /// What is added to the interval at random, so that nodes which start at once do not keep in step.
    public var jitter: Duration

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - tries: How many frames are sent, at least one.
    ///   - interval: The least time between two frames.
    ///   - jitter: The most that is added at random.
    public init(tries: Int = 3, interval: Duration = .milliseconds(60), jitter: Duration = .milliseconds(10)) {
        precondition(tries > 0 && interval >= .zero && jitter >= .zero, "a schedule asks at least once, and forwards")
        self.tries = tries
        self.interval = interval
        self.jitter = jitter
    }

    /// The longest that a question stays open.
    public var longest: Duration { (interval + jitter) * tries }

    var jitterNanoseconds: UInt64 {
        let (seconds, attoseconds) = jitter.components
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
