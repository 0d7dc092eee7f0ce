/// What many calls at once came to.
struct Burst<Value: Sendable>: Sendable {
    var values: [Value] = []
    var failures: [String] = []
    var timing = Timing()
}

/// Runs something for all calls at once, and waits for all.
func atOnce<Value: Sendable>(
    _ calls: [PluginCall], _ body: @escaping @Sendable (PluginCall) async throws -> Value
) async -> Burst<Value> {
    await withTaskGroup(of: (Result<Value, any Error>, Duration).self) { group in
        let start = ContinuousClock.now
        for call in calls {
            group.addTask {
                let result: Result<Value, any Error>
                do { result = .success(try await body(call)) } catch { result = .failure(error) }
                // From the first request of all, as an impatient administrator counts.
                return (result, ContinuousClock.now - start)
            }
        }
        var burst = Burst<Value>()
        for await (result, time) in group {
            burst.timing.add(time)
            switch result {
            case .success(let value): burst.values.append(value)
            case .failure(let error): burst.failures.append("\(error)")
            }
        }
        burst.timing.total = ContinuousClock.now - start
        return burst
    }
}

/// Durations of calls.
struct Timing: Sendable {
    private(set) var samples: [Duration] = []
    /// From the first to the last.
    var total = Duration.zero

    mutating func add(_ sample: Duration) { samples.append(sample) }

    /// The sample that this share of all does not exceed.
    func percentile(_ share: Double) -> Duration {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return .zero }
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
    }
}

extension Duration {
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1000 + Double(attoseconds) / 1e15
    }
}
