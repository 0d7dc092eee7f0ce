internal import Synchronization

/// What one listener has still to be told: at most one entry for every object.
final class ReflectorSubscription<Value: Sendable & Equatable>: Sendable {
    private struct Pending {
        /// Keys in the order in which they changed; those before `first` are told.
        var order: [ObjectKey] = []
        var first = 0
        /// What the listener knows of them.
        var known: [ObjectKey: Value?] = [:]
    }

    private let pending: Mutex<Pending>
    /// Wakes the listener.
    let signal: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(telling keys: [ObjectKey]) {
        var start = Pending()
        start.order = keys
        for key in keys { start.known[key] = .some(nil) }
        pending = Mutex(start)
        (signal, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        if !keys.isEmpty { wake.yield() }
    }

    /// Remembers that a value changed, and what it was.
    func note(_ key: ObjectKey, was old: Value?) {
        pending.withLock { pending in
            guard pending.known[key] == nil else { return }
            pending.known[key] = .some(old)
            pending.order.append(key)
        }
        wake.yield()
    }

    /// The next key to tell about, and what the listener knows of it.
    func take() -> (key: ObjectKey, known: Value?)? {
        pending.withLock { pending in
            guard pending.first < pending.order.count else { return nil }
            let key = pending.order[pending.first]
            pending.first += 1
            if pending.first == pending.order.count {
                pending.order = []
                pending.first = 0
            } else if pending.first > 1024, pending.first > pending.order.count / 2 {
                pending.order.removeSubrange(..<pending.first)
                pending.first = 0
            }
            let known = pending.known.removeValue(forKey: key) ?? nil
            return (key, known)
        }
    }
}
