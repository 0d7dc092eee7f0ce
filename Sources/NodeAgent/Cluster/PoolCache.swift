internal import IPAMCore
internal import JSONTree
internal import KubeClient
internal import Logging
internal import PoolModel
internal import Synchronization

/// The specifications of all pools.
///
/// Their status lists every address in use and changes all the time, so only metadata are watched, and an object is read when
/// its generation or its labels have changed: what an agent receives does not grow with what others allocate.
final class PoolCache: Sendable {
    /// What tells whether a pool has to be read again.
    private struct Stamp: Sendable, Equatable {
        let uid: String?
        let generation: Int64?
        let labels: [String: String]
        let isTerminating: Bool

        init(_ metadata: KubeMetadata) {
            uid = metadata.uid
            generation = metadata.generation
            labels = metadata.labels
            isTerminating = metadata.isTerminating
        }
    }

    private struct State {
        var pools: [String: (stamp: Stamp, pool: SpiderIPPool)] = [:]
        /// Why a stored pool cannot be used.
        var problems: [String: String] = [:]
        var isComplete = false
    }

    private let client: ResourceClient<RawObject>
    private let reflector: Reflector<Stamp>
    private let logger: Logger
    private let state = Mutex(State())

    init(_ kube: KubeClient, _ logger: Logger) {
        client = kube.resource(.pools, namespace: nil)
        reflector = Reflector(kube.metadata(of: .pools), query: ListQuery(limit: 500)) { Stamp($0.metadata) }
        self.logger = logger
    }

    /// Whether every pool that the server has is known.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// Why it is not complete.
    var lastError: KubeError? { reflector.lastError }

    /// Keeps the cache up to date until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.reflector.run() }
            group.addTask { await self.follow() }
        }
    }

    private func follow() async {
        // All at once at first: thousands of single reads would take seconds.
        await readAll()
        for await change in reflector.changes() {
            switch change {
            case .added(let key, let stamp), .updated(let key, _, let stamp): await read(key.name, stamp)
            case .removed(let key, _):
                state.withLock { state in
                    state.pools[key.name] = nil
                    state.problems[key.name] = nil
                }
            }
            if reflector.isComplete { noteCompleteness() }
        }
    }

    private func readAll() async {
        while !Task.isCancelled {
            do throws(KubeError) {
                _ = try await client.pages(ListQuery(limit: 500)) { part in
                    if case .item(let object) = part { take(object) }
                }
                break
            } catch {
                logger.warning("pools cannot be read: \(error)")
                try? await Task.sleep(for: .seconds(1))  // proof: a pause before the next try, nothing is ordered by it
            }
        }
        try? await reflector.waitUntilComplete()
        noteCompleteness()
    }

    private func noteCompleteness() {
        state.withLock { state in
            guard !state.isComplete else { return }
            state.isComplete = reflector.isComplete
        }
    }

    private func read(_ name: String, _ stamp: Stamp) async {
        guard state.withLock({ $0.pools[name]?.stamp != stamp }) else { return }
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            do throws(KubeError) {
                guard let object = try await client.find(name) else { return }
                take(object)
                return
            } catch {
                guard error.isTransient else { return logger.error("pool \(name) cannot be read: \(error)") }
                try? await Task.sleep(for: pause)  // proof: a pause before the next try, nothing is ordered by it
                pause = min(pause * 2, .seconds(5))
            }
        }
    }

    private func take(_ object: RawObject) {
        let name = object.metadata.name
        do throws(InvalidResource) {
            var json = object.json
            // A list leaves these out, and nothing of the status is used.
            json["apiVersion"] = .string(ResourceKind.apiVersion)
            json["kind"] = .string(SpiderIPPool.kind.name)
            json["status"] = nil
            let pool = try SpiderIPPool(tree: json)
            let stamp = Stamp(object.metadata)
            state.withLock { state in
                state.pools[name] = (stamp, pool)
                state.problems[name] = nil
            }
        } catch {
            logger.error("pool \(name) cannot be used: \(error)")
            state.withLock { state in
                state.pools[name] = nil
                state.problems[name] = "\(error)"
            }
        }
    }

    // MARK: Asking

    /// The pools with these names, and those that a selection for these requests has to know.
    func pools(named names: [String], for requests: [PoolRequest]) -> [SpiderIPPool] {
        var wanted = Set(names)
        var wantsDefaults = false
        var wantsAll = false
        for request in requests {
            guard let source = request.sources.first else {
                wantsDefaults = true
                continue
            }
            for name in source.names.values.joined() {
                if NamePattern.isPattern(name) { wantsAll = true } else { wanted.insert(name) }
            }
        }
        return state.withLock { state in
            if wantsAll { return state.pools.values.map(\.pool) }
            var found = wanted.compactMap { state.pools[$0]?.pool }
            if wantsDefaults {
                found += state.pools.values.map(\.pool).filter { $0.spec.isDefault && !wanted.contains($0.name) }
            }
            return found
        }
    }

    /// A pool by name.
    func pool(_ name: String) -> SpiderIPPool? { state.withLock { $0.pools[name]?.pool } }

    /// All pools, in no order.
    var all: [SpiderIPPool] { state.withLock { $0.pools.values.map(\.pool) } }

    /// What is wrong with stored pools, by name.
    var problems: [String: String] { state.withLock { $0.problems } }
}
