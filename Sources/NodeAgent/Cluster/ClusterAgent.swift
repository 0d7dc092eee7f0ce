internal import ClusterStore
internal import IPAMCore
internal import IPAMEngine
internal import JSONTree
public import KubeClient
public import Logging
internal import PoolModel
public import ServiceLifecycle

/// The agent of a node: gives addresses out of the cluster's blocks to the Pods of its node.
///
/// ```text
///   plugin ─► APIServer ─► ClusterAgent ─┬─ Pod, node, namespace, pools   (ClusterView)
///                                        ├─ AllocationProcess             (which pools, what is kept)
///                                        ├─ ClusterStore                  (the one write that counts)
///                                        ├─ SandboxLedger                 (durable on this node, before the answer)
///                                        └─ EndpointWriter, EventRecorder (what others can see, afterwards)
/// ```
public final class ClusterAgent: AgentService, Service {
    let kube: KubeClient
    let store: ClusterStore
    let view: ClusterView
    let ledger: SandboxLedger
    let guests: GuestBlocks
    let endpoints: EndpointWriter
    let events: EventRecorder
    let settings: AgentSettings
    let logger: Logger
    let bootID: String
    let turnstile = Turnstile()

    /// Makes an agent; nothing is read before it runs.
    ///
    /// - Parameters:
    ///   - kube: The way to the API server.
    ///   - settings: What is configured.
    ///   - ledger: What this node knows of its sandboxes.
    ///   - bootID: Boot ID of the host; empty when it is not known.
    ///   - logger: Where it reports.
    public init(
        _ kube: KubeClient, _ settings: AgentSettings, _ ledger: SandboxLedger, bootID: String, _ logger: Logger
    ) {
        self.kube = kube
        self.settings = settings
        self.ledger = ledger
        self.bootID = bootID
        self.logger = logger
        let guests = GuestBlocks(in: settings.stateFolder)
        self.guests = guests
        store = ClusterStore(client: kube, node: settings.nodeName, logger: logger) { keys in
            if !guests.remember(keys) { logger.error("blocks of other nodes cannot be written down: \(keys)") }
        }
        view = ClusterView(kube, node: settings.nodeName, logger)
        let store = store
        endpoints = EndpointWriter(kube, logger) { await store.isBusy }
        events = EventRecorder(kube, component: "spiderpool-agent", host: settings.nodeName)
    }

    /// Runs everything that goes on besides requests, until the task is cancelled or asked to shut down.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.runServices() }
    }

    private func runServices() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.store.run() }
            group.addTask { await self.view.run() }
            group.addTask { await self.endpoints.run() }
            group.addTask { await self.events.run() }
            group.addTask { await self.recover() }
            group.addTask { await self.followPods() }
        }
    }

    /// Whether the agent would serve an ADD now.
    public func checkHealth() async throws(AgentRefusal) {
        if let missing = view.missing { throw AgentRefusal(missing) }
        guard await store.isComplete else { throw AgentRefusal("the blocks of this node have not been read yet") }
    }

    /// Waits until the agent would serve an ADD.
    ///
    /// - Throws: ``AgentRefusal`` with what is missing when the deadline comes first.
    func becomeHealthy(by deadline: MonotonicInstant) async throws(AgentRefusal) {
        while true {
            do throws(AgentRefusal) { return try await checkHealth() } catch {
                guard MonotonicInstant.now < deadline, !Task.isCancelled else { throw error }
            }
            try? await Task.sleep(for: .milliseconds(50))  // proof: several caches tell of themselves only when asked
        }
    }

    // MARK: What all requests share

    /// The moment as claims record it.
    var now: Timestamp { TimeSource.system.timestamp }

    /// Waits for the requests of the same container that came before.
    func inTurn<Value: Sendable>(
        _ containerID: String, _ body: () async throws(AgentRefusal) -> Value
    ) async throws(AgentRefusal) -> Value {
        let result = await turnstile.pass(containerID) { () async -> Result<Value, AgentRefusal> in
            do throws(AgentRefusal) { return .success(try await body()) } catch { return .failure(error) }
        }
        guard let result else { throw AgentRefusal("the caller has left") }
        return try result.get()
    }

    /// Reads something from the API server, again and again while it does not answer.
    ///
    /// - Parameters:
    ///   - deadline: When to give up; the refusal says what the server said last.
    ///   - body: What to read.
    /// - Returns: what was read.
    /// - Throws: ``AgentRefusal``.
    func reading<Value: Sendable>(
        by deadline: MonotonicInstant, _ body: () async throws(KubeError) -> Value
    ) async throws(AgentRefusal) -> Value {
        var pause = Duration.milliseconds(20)
        while true {
            do throws(KubeError) {
                return try await body()
            } catch {
                let isOver = MonotonicInstant.now + pause >= deadline
                guard error.isTransient, !isOver, !Task.isCancelled else { throw AgentRefusal("\(error)") }
            }
            try? await Task.sleep(for: pause)  // proof: a pause before the next try, nothing is ordered by it
            pause = min(pause * 2, .seconds(1))
        }
    }
}
