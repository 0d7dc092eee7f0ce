/// The changes of a cache, beginning with all that is there; it ends when the task is cancelled.
///
/// A listener that is slow is told less often and of the last state: what waits for it never grows beyond one entry for each object.
public struct ReflectorChanges<Value: Sendable & Equatable>: AsyncSequence, Sendable {
    /// What changed.
    public typealias Element = ReflectorChange<Value>
    /// It does not fail.
    public typealias Failure = Never

    let subscription: ReflectorSubscription<Value>
    let value: @Sendable (ObjectKey) -> Value?

    /// Reads the changes one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let changes: ReflectorChanges
        private var signal: AsyncStream<Void>.AsyncIterator

        init(_ changes: ReflectorChanges) {
            self.changes = changes
            signal = changes.subscription.signal.makeAsyncIterator()
        }

        /// The next change.
        public mutating func next() async -> ReflectorChange<Value>? { await next(isolation: #isolation) }

        /// The next change, in the domain of an actor.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> ReflectorChange<Value>? {
            while true {
                while let (key, known) = changes.subscription.take() {
                    switch (known, changes.value(key)) {
                    case (nil, nil): continue
                    case (nil, let new?): return .added(key, new)
                    case (let old?, nil): return .removed(key, old: old)
                    case (let old?, let new?):
                        if old != new { return .updated(key, old: old, new: new) }
                    }
                }
                guard await signal.next(isolation: actor) != nil else { return nil }
            }
        }
    }

    /// Begins to listen.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}
