internal import IPAMCore
internal import JSONTree
internal import KubeClient
internal import Logging
internal import PoolModel
internal import Synchronization

/// Writes SpiderEndpoints: what the cluster can see of the addresses that Pods of this node have. Nothing decides from them.
///
/// Changes of one object are gathered while a write of it is under way, and made together in the next.
final class EndpointWriter: Sendable {
    private struct State {
        /// What has to be made yet, in the order in which it happened.
        var waiting: [ObjectKey: [EndpointChange]] = [:]
        /// Those with changes that nobody writes yet, oldest first.
        var ready: [ObjectKey] = []
        var underWay: Set<ObjectKey> = []
    }

    /// How many objects are written at a time: the claims of others come first.
    private static let width = 4

    private let kube: KubeClient
    private let logger: Logger
    private let isBusy: @Sendable () async -> Bool
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - kube: The way to the API server.
    ///   - logger: Where it reports.
    ///   - isBusy: Whether addresses are being claimed, which comes first.
    init(_ kube: KubeClient, _ logger: Logger, isBusy: @escaping @Sendable () async -> Bool) {
        self.kube = kube
        self.isBusy = isBusy
        self.logger = logger
        (wakeUps, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Writes a change some time soon.
    func submit(_ change: EndpointChange) {
        state.withLock { state in
            state.waiting[change.key, default: []].append(change)
            guard state.waiting[change.key]?.count == 1, !state.underWay.contains(change.key) else { return }
            state.ready.append(change.key)
        }
        wake.yield()
    }

    /// Writes a change now, after those of the same object that wait.
    func write(_ change: EndpointChange, deadline: MonotonicInstant) async throws(KubeError) {
        try await apply([change], to: change.key, deadline: deadline)
    }

    /// Writes what is submitted until the task is cancelled.
    func run() async {
        for await _ in wakeUps {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.width { group.addTask { await self.writeReady() } }
            }
        }
    }

    private func writeReady() async {
        while !Task.isCancelled {
            await waitForCalm()
            let next: (key: ObjectKey, changes: [EndpointChange])? = state.withLock { state in
                guard !state.ready.isEmpty else { return nil }
                let key = state.ready.removeFirst()
                state.underWay.insert(key)
                return (key, state.waiting.removeValue(forKey: key) ?? [])
            }
            guard let (key, changes) = next else { return }
            var failed: [EndpointChange] = []
            do throws(KubeError) {
                try await apply(changes, to: key, deadline: .now + .seconds(30))
            } catch {
                if error.isTransient || error.code == .conflict {
                    failed = changes
                    // proof: a pause before the next try, nothing is ordered by it
                    try? await Task.sleep(for: .seconds(1))
                } else {
                    logger.error("SpiderEndpoint \(key) cannot be written: \(error)")
                }
            }
            state.withLock { state in
                state.underWay.remove(key)
                if !failed.isEmpty { state.waiting[key] = failed + (state.waiting[key] ?? []) }
                if state.waiting[key] != nil { state.ready.append(key) }
            }
        }
    }

    /// Lets claims go first, for two seconds at most.
    private func waitForCalm() async {
        for _ in 0..<40 {
            guard await isBusy() else { return }
            // proof: nothing is ordered by it; what is written later is right as well
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Makes changes of one object, whatever it is now.
    private func apply(
        _ changes: [EndpointChange], to key: ObjectKey, deadline: MonotonicInstant
    ) async throws(KubeError) {
        let endpoints = kube.resource(.endpoints, namespace: key.namespace)
        // A new Pod has none: creating finds out whether that is so.
        var isNew = changes.first?.owner != nil && changes.first?.element != nil
        var attempts = 0
        while true {
            do throws(KubeError) {
                let stored = isNew ? nil : try await endpoints.find(key.name, deadline: deadline)
                var json = stored?.json
                for change in changes { json = change.applied(to: json) }
                guard json != stored?.json else { return }
                guard let json else {
                    guard let metadata = stored?.metadata else { return }
                    // Objects of the reference have its finalizer; nothing has to happen any more before they go.
                    if metadata.finalizers.contains(ResourceKind.finalizer) {
                        try await removeFinalizer(metadata, deadline)
                    }
                    try await endpoints.delete(key.name, Preconditions(uid: metadata.uid), deadline: deadline)
                    return
                }
                let object: RawObject
                do throws(JSONFieldError) {
                    object = try RawObject(json: json)
                } catch {
                    logger.error("SpiderEndpoint \(key): \(error)")
                    return
                }
                if stored == nil {
                    _ = try await endpoints.create(object, deadline: deadline)
                } else {
                    _ = try await endpoints.replace(object, deadline: deadline)
                }
                return
            } catch {
                isNew = false
                attempts += 1
                let isStale = [.conflict, .alreadyExists, .notFound].contains(error.code)
                guard isStale, attempts < 5 else { throw error }
            }
        }
    }

    private func removeFinalizer(_ metadata: KubeMetadata, _ deadline: MonotonicInstant) async throws(KubeError) {
        let endpoints = kube.resource(.endpoints, namespace: metadata.namespace)
        _ = try await endpoints.patch(
            metadata.name,
            .json([
                .test("/metadata/resourceVersion", .string(metadata.resourceVersion ?? "")),
                .replace(
                    "/metadata/finalizers", .strings(metadata.finalizers.filter { $0 != ResourceKind.finalizer })),
            ]), deadline: deadline)
    }

    /// The changes of an object that are not written yet.
    func waiting(_ key: ObjectKey) -> [EndpointChange] { state.withLock { $0.waiting[key] ?? [] } }

    /// The addresses that the object of a fixed workload names: where to look for its claims.
    func hints(_ key: ObjectKey, deadline: MonotonicInstant) async throws(KubeError) -> [IPAddress] {
        let stored = try await kube.resource(.endpoints, namespace: key.namespace).find(key.name, deadline: deadline)
        let elements = stored?.json["status"]?["current"]?["ips"]?.arrayValue ?? []
        return elements.flatMap(EndpointElement.addresses(of:))
    }

    /// The object as it is stored.
    func stored(_ key: ObjectKey, deadline: MonotonicInstant) async throws(KubeError) -> JSONValue? {
        try await kube.resource(.endpoints, namespace: key.namespace).find(key.name, deadline: deadline)?.json
    }
}
