internal import ClusterStore
public import IPAMCore
internal import IPAMEngine
public import JSONTree
internal import KubeClient
internal import PoolModel

extension ClusterAgent {
    /// Says what a sandbox owns on an interface.
    public func check(_ arguments: CheckArguments, deadline: MonotonicInstant) async throws(AgentRefusal) -> CheckReply
    {
        try await checkHealth()
        let attachment = Claim.Attachment(
            containerID: arguments.attachment.containerID, interface: arguments.attachment.interface)
        let key = LedgerEntry.Key(containerID: attachment.containerID, interface: attachment.interface)
        // The blocks as they are now: what an administrator took away is not told to anybody else.
        let hints =
            (ledger.entry(key)?.addresses.map(\.address) ?? []) + (await store.claims(of: attachment).map(\.address))
        let claims = await store.read(hints, deadline: deadline).filter { $0.attachment == attachment }
        let given = claims.sorted { $0.address < $1.address }.map { claim -> GivenAddress in
            let pool = view.pools.pool(claim.pool).flatMap { try? ResolvedPool($0) }
            let length = pool.map { Int($0.subnet.prefixLength) } ?? claim.address.family.bitWidth
            return GivenAddress(
                claim.address, prefixLength: length, interface: claim.interface, pool: claim.pool)
        }
        let declared = view.pools.all.map(\.declaredAddresses)
        let foreign = arguments.addresses.filter { address in !declared.contains { $0.contains(address) } }
        return CheckReply(given, foreign: foreign)
    }

    /// What is recorded about a Pod.
    public func endpoint(_ pod: PodName, deadline: MonotonicInstant) async throws(AgentRefusal) -> JSONObject {
        let known = try await reading(by: deadline) { () async throws(KubeError) in
            try await view.pod(pod, uid: "", deadline: deadline)
        }
        var identity: FixedIdentity?
        if let known {
            let controller = try await reading(by: deadline) { () async throws(KubeError) in
                try await view.topController(of: known)
            }
            identity = FixedIdentity(pod, controller, settings)
        }
        let key = endpointKey(pod, identity)
        // The object may lag behind what was just answered.
        let waiting = endpoints.waiting(key)
        var stored = try await reading(by: deadline) { () async throws(KubeError) in
            try await endpoints.stored(key, deadline: deadline)
        }
        for change in waiting { stored = change.applied(to: stored) }
        guard let current = stored?["status"]?["current"] else {
            throw AgentRefusal(status: 404, "SpiderEndpoint not found for pod \(pod)")
        }
        let interfaces = (current["ips"]?.arrayValue ?? []).map(EndpointElement.detail)
        var status: JSONObject = ["podNamespace": .string(pod.namespace), "podName": .string(pod.name)]
        status["podUID"] = current["uid"] ?? .string("")
        status["node"] = current["node"] ?? .string("")
        status["interfaces"] = .array(interfaces)
        return status
    }

    /// How a Pod's interfaces are coordinated.
    public func coordinatorConfig(
        _ pod: PodName, deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> CoordinatorConfig {
        if let missing = view.missing { throw AgentRefusal(missing) }
        let known = try await reading(by: deadline) { () async throws(KubeError) in
            try await view.pod(pod, uid: "", deadline: deadline)
        }
        guard let known else { throw AgentRefusal("Pod \(pod) does not exist") }
        return try CoordinatorConfig(view.coordinator, annotations: known.annotations)
    }
}
