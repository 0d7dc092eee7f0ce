public import IPAMCore

/// The clock that everything in this library runs by; tests pass one that they move themselves.
public struct TimeSource: Sendable {
    private let readInstant: @Sendable () -> MonotonicInstant
    private let readTimestamp: @Sendable () -> Timestamp
    private let wait: @Sendable (Duration) async throws -> Void

    /// Makes a clock.
    ///
    /// - Parameters:
    ///   - now: Reads the clock that only runs forward.
    ///   - timestamp: Reads the time of the day.
    ///   - sleep: Returns when that much time has passed; throws `CancellationError` when the task is cancelled before.
    public init(
        now: @escaping @Sendable () -> MonotonicInstant, timestamp: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        readInstant = now
        readTimestamp = timestamp
        wait = sleep
    }

    /// The clocks of this machine.
    public static let system = TimeSource(
        now: { .now }, timestamp: { .ofThisMachine },
        // proof: this is the clock; whoever waits by it waits for time and for nothing else.
        sleep: { duration in try await Task.sleep(for: duration) })

    /// The present point of the clock that only runs forward.
    public var now: MonotonicInstant { readInstant() }

    /// The present time of the day.
    public var timestamp: Timestamp { readTimestamp() }

    /// Waits.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before the time is over.
    public func wait(for duration: Duration) async throws { try await wait(duration) }
}
