/// How many requests a client sends: so many a second, and so many at once after a pause.
public struct RateLimit: Sendable, Hashable {
    /// Requests a second in the long run.
    public let perSecond: Double
    /// Requests that may go at once after a pause.
    public let burst: Int

    /// Makes a limit; values below one request in 1,000 seconds, and a burst below 1, are raised to that.
    public init(perSecond: Double, burst: Int) {
        self.perSecond = max(0.001, perSecond)
        self.burst = max(1, burst)
    }
}
