internal import IPAMCore
internal import Synchronization

/// One of several candidates leads, as long as it renews its lease.
///
/// The leader stops by itself before others may take over: work ends ``LeaseTiming/renewDeadline`` after the last renewal
/// was sent, others wait ``LeaseTiming/duration`` after they saw it. A process that was frozen finds ``isLeader`` false at once.
///
/// ```swift
/// let election = LeaderElection(client, name: "controller", namespace: "kube-system", identity: podName)
/// await election.run { await collectGarbage() }
/// ```
public final class LeaderElection: Sendable {
    private struct State {
        var observation = LeaseObservation()
        /// The lease as we wrote it last; `nil` while we do not lead.
        var held: Lease?
        /// When the last successful renewal was sent.
        var renewed: MonotonicInstant?
        var lastError: KubeError?
    }

    private let leases: ResourceClient<Lease>
    private let name: String
    private let identity: String
    private let timing: LeaseTiming
    private let time: TimeSource
    private let random: RandomSource
    private let state = Mutex(State())

    /// Makes a candidate, who does nothing until ``run(_:)``.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - name: The lease.
    ///   - namespace: The namespace of the lease.
    ///   - identity: The candidate, unique among all.
    ///   - timing: The times, the same for all candidates.
    public init(
        _ client: KubeClient, name: String, namespace: String, identity: String, timing: LeaseTiming = .standard
    ) {
        leases = client.resource(Lease.self, namespace: namespace)
        self.name = name
        self.identity = identity
        self.timing = timing
        time = client.options.time
        random = client.options.random
    }

    /// Whether this candidate leads at this moment.
    public var isLeader: Bool {
        let now = time.now
        return state.withLock { $0.held != nil && ($0.renewed.map { now < $0 + timing.renewDeadline } ?? false) }
    }

    /// Who leads, as far as this candidate knows.
    public var leader: String? { isLeader ? identity : state.withLock { $0.observation.holder } }

    /// Why the last try failed; `nil` when it did not.
    public var lastError: KubeError? { state.withLock { $0.lastError } }

    /// Competes until the task is cancelled or the work ends by itself; a lease that is held is given back then.
    ///
    /// - Parameter work: What the leader does. It is cancelled when the lead is lost, has to end soon then, and is started again
    ///   when the lead is won again.
    public func run(_ work: @escaping @Sendable () async -> Void) async {
        while !Task.isCancelled {
            guard await tryToLead() else {
                try? await time.wait(for: timing.retryPeriod + random.part(of: timing.retryPeriod / 5))
                continue
            }
            let isDone = await lead(work)
            await giveBack()
            if isDone { return }
        }
    }

    /// Works and renews, until one of the two ends. Returns whether the work ended by itself.
    private func lead(_ work: @escaping @Sendable () async -> Void) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await work()
                return true
            }
            group.addTask { [self] in
                await renew()
                return false
            }
            let isDone = await group.next() ?? true
            group.cancelAll()
            return isDone && !Task.isCancelled
        }
    }

    /// Renews until that fails for too long, or somebody else holds the lease, or the task is cancelled.
    private func renew() async {
        while isLeader, !Task.isCancelled {
            try? await time.wait(for: timing.retryPeriod)
            guard !Task.isCancelled else { return }
            _ = await tryToLead()
        }
    }

    /// Takes or renews the lease. Returns whether it is ours.
    private func tryToLead() async -> Bool {
        let started = time.now
        // A renewal that hangs must leave time for another one.
        let last = state.withLock { $0.renewed.map { $0 + timing.renewDeadline } } ?? started + timing.renewDeadline
        let deadline = min(max(last, started + timing.retryPeriod), started + timing.renewDeadline / 2)
        do throws(KubeError) {
            let taken = try await take(deadline)
            state.withLock { state in
                state.held = taken
                state.lastError = nil
                if taken != nil { state.renewed = started }
            }
            return taken != nil
        } catch {
            state.withLock { $0.lastError = error }
            return false
        }
    }

    private func take(_ deadline: MonotonicInstant) async throws(KubeError) -> Lease? {
        if let held = state.withLock({ $0.held }) {
            do throws(KubeError) {
                let next = LeaseObservation.taken(held, by: identity, timing: timing, at: time.timestamp)
                return try await leases.replace(next, deadline: deadline)
            } catch {
                guard error.code == .conflict || error.code == .notFound else { throw error }
            }
        }
        guard let lease = try await leases.find(name, deadline: deadline) else {
            let first = Lease(name: name, namespace: leases.namespace ?? "default")
            return try await write(deadline) { [self] () async throws(KubeError) in
                try await leases.create(
                    LeaseObservation.taken(first, by: identity, timing: timing, at: time.timestamp), deadline: deadline)
            }
        }
        let now = time.now
        guard
            state.withLock({ $0.observation.mayTake(lease, as: identity, timing: timing, now: now) })
        else { return nil }
        return try await write(deadline) { [self] () async throws(KubeError) in
            try await leases.replace(
                LeaseObservation.taken(lease, by: identity, timing: timing, at: time.timestamp), deadline: deadline)
        }
    }

    /// Writes; `nil` when somebody else was faster.
    private func write(
        _ deadline: MonotonicInstant, _ body: () async throws(KubeError) -> Lease
    ) async throws(KubeError) -> Lease? {
        do throws(KubeError) {
            return try await body()
        } catch {
            if error.code == .conflict || error.code == .alreadyExists { return nil }
            throw error
        }
    }

    /// Leaves the lease to nobody, so that the next leader need not wait.
    private func giveBack() async {
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held
        }
        guard var lease = held else { return }
        lease.holder = ""
        lease.renewTime = time.timestamp
        lease.durationSeconds = 1
        let deadline = time.now + timing.retryPeriod
        // The task may be cancelled; a lease is given back all the same.
        await Task { [leases, lease] in _ = try? await leases.replace(lease, deadline: deadline) }.value
    }
}
