internal import IPAMCore

/// Gives work a time limit.
enum Deadline {
    /// Runs an operation, which is cancelled at the deadline.
    ///
    /// - Parameters:
    ///   - deadline: When to give up.
    ///   - time: The clock.
    ///   - operation: The work; it has to end soon after it is cancelled.
    /// - Returns: what the operation returned, or `nil` at the deadline.
    static func run<Value: Sendable>(
        until deadline: MonotonicInstant, time: TimeSource, _ operation: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let left = time.now.duration(to: deadline)
        guard left > .zero else { return nil }
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await operation() }
            group.addTask {
                try? await time.wait(for: left)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
