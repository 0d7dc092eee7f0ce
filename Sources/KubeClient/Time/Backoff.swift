/// How long to wait before the next try: twice as long each time, up to a limit, with a random part.
///
/// Half of every pause is fixed and half is random, so that clients that lost their server together do not come back together.
struct Backoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var failures = 0

    init(first: Duration = .milliseconds(200), longest: Duration = .seconds(30)) {
        self.first = first
        self.longest = longest
    }

    /// Begins anew, after a success.
    mutating func reset() { failures = 0 }

    /// The next pause.
    mutating func next(_ random: RandomSource) -> Duration {
        let full = min(longest, first * (1 << min(failures, 20)))
        failures += 1
        return full / 2 + random.part(of: full / 2)
    }
}
