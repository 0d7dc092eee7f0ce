/// The times of an election; the usual ones are those of Kubernetes' own components.
public struct LeaseTiming: Sendable, Hashable {
    /// How long others wait for a leader that does not renew.
    public let duration: Duration
    /// After this time without a renewal the leader stops by itself; shorter than ``duration``.
    public let renewDeadline: Duration
    /// The pause between tries; shorter than ``renewDeadline``.
    public let retryPeriod: Duration

    /// Makes times.
    ///
    /// - Precondition: they rise, and the shortest is not zero: `retryPeriod < renewDeadline < duration`.
    public init(duration: Duration, renewDeadline: Duration, retryPeriod: Duration) {
        precondition(.zero < retryPeriod && retryPeriod < renewDeadline && renewDeadline < duration)
        self.duration = duration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }

    /// 15, 10 and 2 seconds.
    public static let standard = LeaseTiming(
        duration: .seconds(15), renewDeadline: .seconds(10), retryPeriod: .seconds(2))

    /// ``duration`` in whole seconds, rounded up, as a lease has it.
    var durationSeconds: Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds + (attoseconds > 0 ? 1 : 0)
    }
}
