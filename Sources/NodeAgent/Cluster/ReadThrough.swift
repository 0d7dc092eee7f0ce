internal import IPAMCore
internal import KubeClient
internal import Synchronization

/// Values that are read when somebody asks, once for all who ask meanwhile, and kept for a short time.
final class ReadThrough<Value: Sendable>: Sendable {
    private enum Entry {
        case reading(Task<Result<Value, KubeError>, Never>)
        case known(Value, until: MonotonicInstant)
    }

    private let lifetime: Duration
    private let capacity: Int
    private let read: @Sendable (String) async throws(KubeError) -> Value
    private let entries = Mutex<[String: Entry]>([:])

    /// Makes a store of values.
    ///
    /// - Parameters:
    ///   - lifetime: How old an answer may be.
    ///   - capacity: How many values are kept at most.
    ///   - read: Reads one from the API server.
    init(
        lifetime: Duration, capacity: Int = 1000,
        read: @escaping @Sendable (String) async throws(KubeError) -> Value
    ) {
        self.lifetime = lifetime
        self.capacity = capacity
        self.read = read
    }

    /// The value for a key.
    func value(_ key: String) async throws(KubeError) -> Value {
        let now = MonotonicInstant.now
        let known: (value: Value?, task: Task<Result<Value, KubeError>, Never>?) = entries.withLock { entries in
            switch entries[key] {
            case .known(let value, let end) where now < end: return (value, nil)
            case .reading(let task): return (nil, task)
            default: break
            }
            if entries.count >= capacity { drop(&entries, now) }
            // A task of its own: whoever asked first may give up while others wait.
            let task = Task { await self.fetch(key) }
            entries[key] = .reading(task)
            return (nil, task)
        }
        if let value = known.value { return value }
        guard let task = known.task else { return try await read(key) }
        return try await task.value.get()
    }

    private func fetch(_ key: String) async -> Result<Value, KubeError> {
        do throws(KubeError) {
            let value = try await read(key)
            let end = MonotonicInstant.now + lifetime
            entries.withLock { $0[key] = .known(value, until: end) }
            return .success(value)
        } catch {
            entries.withLock { $0[key] = nil }
            return .failure(error)
        }
    }

    private func drop(_ entries: inout [String: Entry], _ now: MonotonicInstant) {
        entries = entries.filter { entry in
            if case .known(_, let end) = entry.value { return now < end }
            return true
        }
        guard entries.count >= capacity else { return }
        entries = entries.filter { entry in
            if case .reading = entry.value { return true }
            return false
        }
    }
}
