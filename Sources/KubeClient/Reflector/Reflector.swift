public import IPAMCore
internal import JSONTree
internal import Synchronization

/// A cache of the objects of a kind, kept up to date by a list and a watch.
///
/// Objects are turned into values of the caller's own type when they arrive, so that nothing is kept that nobody reads.
///
/// ```swift
/// let pods = Reflector(client.resource(Pod.self), query: ListQuery(fields: "spec.nodeName=n7"),
///     indices: [ReflectorIndex("uid") { [$0.uid] }]) { LocalPod($0) }
/// Task { await pods.run() }
/// try await pods.waitUntilComplete()
/// pods.values(in: "uid", "5b0e…")
/// ```
///
/// When a connection breaks, or events were missed, everything is listed again and what is gone is found by comparing; also
/// after the server's storage was restored from a backup.
public final class Reflector<Value: Sendable & Equatable>: Sendable {
    struct State {
        var table: ReflectorTable<Value>
        var isComplete = false
        var lastHeard: MonotonicInstant?
        var lastError: KubeError?
        var subscriptions: [WeakSubscription] = []
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    struct WeakSubscription {
        weak var subscription: ReflectorSubscription<Value>?
    }

    let state: Mutex<State>
    let source: ReflectorSource<Value>

    /// Makes a cache, which is empty until it runs.
    ///
    /// - Parameters:
    ///   - resource: The kind, and the namespace.
    ///   - query: Which objects. With resource version `"0"` the first list comes from the server's cache.
    ///   - indices: Further ways to look values up.
    ///   - transform: What to keep of an object; `nil` leaves it out.
    public init<Object: KubeDocument>(
        _ resource: ResourceClient<Object>, query: ListQuery = ListQuery(), indices: [ReflectorIndex<Value>] = [],
        transform: @escaping @Sendable (Object) -> Value?
    ) {
        state = Mutex(State(table: ReflectorTable(indices)))
        source = ReflectorSource(resource, query, transform)
    }

    /// Whether all objects have arrived at least once.
    public var isComplete: Bool { state.withLock { $0.isComplete } }

    /// How long ago the server was heard last; `nil` before the first time. A quiet watch is heard about once a minute.
    public var age: Duration? {
        state.withLock { $0.lastHeard }.map { $0.duration(to: source.time.now) }
    }

    /// Why the cache is not up to date; `nil` while it is.
    public var lastError: KubeError? { state.withLock { $0.lastError } }

    /// The number of values.
    public var count: Int { state.withLock { $0.table.values.count } }

    /// The value of an object.
    public func value(_ key: ObjectKey) -> Value? { state.withLock { $0.table.values[key] } }

    /// All values, in no order.
    public func values() -> [Value] { state.withLock { Array($0.table.values.values) } }

    /// The values under a key of an index, in no order.
    public func values(in index: String, _ key: String) -> [Value] {
        state.withLock { state in state.table.keys(in: index, key).compactMap { state.table.values[$0] } }
    }

    /// The names of the objects under a key of an index.
    public func keys(in index: String, _ key: String) -> Set<ObjectKey> {
        state.withLock { $0.table.keys(in: index, key) }
    }

    /// The changes from now on, after all that is there now.
    public func changes() -> ReflectorChanges<Value> {
        let subscription = state.withLock { state in
            let subscription = ReflectorSubscription<Value>(telling: Array(state.table.values.keys))
            state.subscriptions.removeAll { $0.subscription == nil }
            state.subscriptions.append(WeakSubscription(subscription: subscription))
            return subscription
        }
        return ReflectorChanges(subscription: subscription) { [self] in value($0) }
    }

    /// Waits until all objects have arrived.
    ///
    /// - Parameter deadline: When to give up; never when `nil`.
    /// - Throws: ``KubeError``: why they have not.
    public func waitUntilComplete(deadline: MonotonicInstant? = nil) async throws(KubeError) {
        let (signal, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let isComplete = state.withLock { state in
            if !state.isComplete { state.waiting.append(wake) }
            return state.isComplete
        }
        if isComplete { return }
        if let deadline {
            _ = await Deadline.run(until: deadline, time: source.time) { for await _ in signal { break } }
        } else {
            for await _ in signal { break }
        }
        let (arrived, error) = state.withLock { ($0.isComplete, $0.lastError) }
        guard !arrived else { return }
        if Task.isCancelled { throw .cancelled(source.subject) }
        throw error ?? KubeError(.timeout, source.subject, problem: "the first list has not arrived in time")
    }

    /// Keeps the cache up to date until the task is cancelled; whatever fails is tried again.
    public func run() async { await source.run(self) }
}
