internal import ClusterStore
public import IPAMCore
internal import IPAMEngine
internal import KubeClient
internal import Logging
internal import PoolModel

extension ClusterAgent {
    /// Gives the addresses of one interface of a Pod; the same ones when it is asked again.
    public func allocate(
        _ arguments: AddArguments, deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> AddReply {
        try await inTurn(arguments.attachment.containerID) { () async throws(AgentRefusal) in
            try await becomeHealthy(by: deadline)
            let pod = try await livePod(arguments.attachment, deadline)
            do throws(AgentRefusal) {
                return try await allocate(arguments, for: pod, deadline)
            } catch {
                let interface = arguments.attachment.interface
                logger.error("no address for \(interface) of \(pod.name): \(error)")
                events.record(
                    .warning, reason: "FailedAllocateIP", message: "interface \(interface): \(error)",
                    about: pod.reference, action: "AllocateIP")
                throw error
            }
        }
    }

    /// The Pod that a sandbox belongs to, which must be there and alive.
    private func livePod(
        _ attachment: AttachmentArguments, _ deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> LocalPod {
        let (name, uid) = (attachment.pod, attachment.podUID)
        let pod = try await reading(by: deadline) { () async throws(KubeError) in
            try await view.pod(name, uid: uid, deadline: deadline)
        }
        guard let pod else { throw AgentRefusal("Pod \(name) does not exist") }
        guard uid.isEmpty || pod.uid == uid else {
            throw AgentRefusal(
                "the sandbox is of Pod \(name) with UID \(uid), which is gone; the present one has UID \(pod.uid)")
        }
        guard pod.isAlive else { throw AgentRefusal("dead Pod \(name): it is being deleted or has finished") }
        guard pod.node == nil || pod.node == view.node else {
            throw AgentRefusal("Pod \(name) runs on node \(pod.node ?? ""), this is the agent of \(view.node)")
        }
        return pod
    }

    private func allocate(
        _ arguments: AddArguments, for pod: LocalPod, _ deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> AddReply {
        let annotations = PodAnnotations(pod.annotations)
        let customRoutes: [PoolRoute]
        do throws(PoolSelectionError) { customRoutes = try annotations.routes() } catch {
            throw AgentRefusal("\(error)")
        }
        let controller = try await reading(by: deadline) { () async throws(KubeError) in
            try await view.topController(of: pod)
        }
        let identity = FixedIdentity(pod.name, controller, settings)
        let allocation = try await allocation(arguments, pod, annotations, controller, identity, by: deadline)
        let key = endpointKey(pod.name, identity)
        var hints: [IPAddress] = []
        if identity != nil {
            hints = try await reading(by: deadline) { () async throws(KubeError) in
                try await endpoints.hints(key, deadline: deadline)
            }
        }
        let outcome = try await run(allocation, hints: hints, deadline)
        let claims: [Claim]
        do throws(AllocationRefusal) {
            claims = try outcome.answer.get()
        } catch {
            throw AgentRefusal("\(error)")
        }
        for release in outcome.released {
            logger.warning("\(pod.name) gives up \(release.held.address): \(release.reason)")
        }
        let grant = try Grant(
            claims, outcome, customRoutes: customRoutes, interface: arguments.attachment.interface)
        try record(arguments.attachment, claims, pod, allocation)
        let change = EndpointChange(
            key: key, uid: pod.uid, node: view.node, controllerKind: controller.kind,
            controllerName: controller.name, owner: identity == nil ? pod.ownerReference : nil,
            interface: arguments.attachment.interface, element: grant.element)
        if identity == nil {
            endpoints.submit(change)
        } else {
            // Where another node would look for what this identity has.
            try await reading(by: deadline) { () async throws(KubeError) in
                try await endpoints.write(change, deadline: deadline)
            }
        }
        return grant.reply(
            detectsConflict: settings.detectsConflicts && !pod.isMigrationTarget,
            detectsGateway: settings.detectsGateways)
    }

    func endpointKey(_ pod: PodName, _ identity: FixedIdentity?) -> ObjectKey {
        ObjectKey(namespace: pod.namespace, name: identity?.name ?? pod.name)
    }

    /// The request as the engine sees it.
    private func allocation(
        _ arguments: AddArguments, _ pod: LocalPod, _ annotations: PodAnnotations, _ controller: TopController,
        _ identity: FixedIdentity?, by deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> Allocation {
        let space = try await reading(by: deadline) { () async throws(KubeError) in
            try await view.namespace(pod.name.namespace)
        }
        var configured: [AddressFamily: [String]] = [:]
        if !arguments.ipv4Pools.isEmpty { configured[.ipv4] = arguments.ipv4Pools }
        if !arguments.ipv6Pools.isEmpty { configured[.ipv6] = arguments.ipv6Pools }
        let instructions = PoolInstructions(
            interface: arguments.attachment.interface, pod: annotations,
            namespace: NamespaceAnnotations(space?.annotations ?? [:]), configuredPools: configured,
            cleanGateway: arguments.cleanGateway, features: settings.selection)
        var facts = SelectionFacts()
        facts.nodeName = view.node
        facts.nodeLabels = view.nodeLabels
        facts.namespaceName = pod.name.namespace
        facts.namespaceLabels = space?.labels
        facts.podLabels = pod.labels
        facts.application = controller.application(in: pod.name.namespace)
        facts.homeNamespace = settings.podNamespace
        do throws(PoolSelectionError) {
            facts.networkAttachment =
                try annotations.network(
                    of: arguments.attachment.interface, podNamespace: pod.name.namespace,
                    clusterNetwork: settings.clusterNetwork, homeNamespace: settings.podNamespace)
                ?? (arguments.network.isEmpty ? nil : NetworkAttachment(name: arguments.network))
        } catch {
            facts.networkProblem = "\(error)"
        }
        var allocation = Allocation(
            instructions, facts: facts,
            owner: Claim.Owner(
                namespace: pod.name.namespace, name: identity?.name ?? pod.name.name, uid: identity?.uid ?? pod.uid,
                controllerKind: controller.kind, controllerName: controller.name),
            containerID: arguments.attachment.containerID, now: now)
        allocation.network = arguments.network
        allocation.node = view.node
        allocation.isFixed = identity != nil
        return allocation
    }

    /// Carries the questions of an allocation to the view and the store.
    private func run(
        _ allocation: Allocation, hints: [IPAddress], _ deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> AllocationOutcome {
        // What comes from another node is not known here before it is looked at.
        let elsewhere = hints.isEmpty ? [] : await store.read(hints, deadline: deadline)
        func known(_ isWanted: (Claim) -> Bool) async -> [Claim] {
            let own = await store.claims.filter(isWanted)
            let addresses = Set(own.map(\.address))
            return (own + elsewhere.filter { isWanted($0) && !addresses.contains($0.address) }).inOrder
        }
        var process = AllocationProcess(allocation)
        var step = process.begin()
        while true {
            let answer: AllocationAnswer
            switch step {
            case .done(let outcome): return outcome
            case .ask(.interfaces(let owner)):
                let names = Set(await known { $0.owner.uid == owner }.map(\.interface))
                answer = .interfaces(names.sorted { $0.isInterface(before: $1) })
            case .ask(.owned(let identity, let attachment)):
                let own = await known { $0.identity == identity }
                let attached = await known { $0.attachment == attachment && $0.identity != identity }
                answer = .claims(own + attached)
            case .ask(.others(let identity)):
                answer = .claims(await known { $0.owner.uid == identity.uid && $0.interface != identity.interface })
            case .ask(.pools(let names, let requests)):
                answer = .pools(view.pools.pools(named: names, for: requests))
            case .ask(.reservations):
                answer = .reservations(view.reservations)
            case .ask(.exchange(let outdated, let request)):
                answer = .claimed(await exchange(outdated, request, hints, deadline))
            }
            do throws(InvalidResource) { step = try process.resume(answer) } catch { throw AgentRefusal("\(error)") }
        }
    }

    private func exchange(
        _ outdated: [Claim], _ request: ClaimRequest, _ hints: [IPAddress], _ deadline: MonotonicInstant
    ) async -> Result<[Claim], AllocationError> {
        do throws(AllocationError) {
            for claim in outdated {
                let process = AddressProcess(.reclaim(claim), of: claim.address, now: now, policy: settings.reuse)
                _ = try await store.submit(.change(process), deadline: deadline)
            }
            let process = ClaimProcess(request, policy: settings.reuse)
            return .success(try await store.submit(.claim(process), hints: hints, deadline: deadline).claims)
        } catch {
            return .failure(error)
        }
    }

    /// Makes sure that this node remembers what a sandbox has, before anybody is told.
    private func record(
        _ attachment: AttachmentArguments, _ claims: [Claim], _ pod: LocalPod, _ allocation: Allocation
    ) throws(AgentRefusal) {
        var entry = LedgerEntry(
            LedgerEntry.Key(containerID: attachment.containerID, interface: attachment.interface),
            addresses: claims.map { LedgerEntry.Address($0.address, pool: $0.pool) }, pod: pod.name, podUID: pod.uid,
            owner: allocation.owner.uid, bootID: bootID)
        entry.isFixed = allocation.isFixed
        entry.network = allocation.network
        if let since = claims.map(\.since).min() { entry.since = since }
        do throws(LedgerError) {
            try ledger.record(entry)
        } catch {
            throw AgentRefusal("the agent cannot write down what it gave: \(error)")
        }
    }
}

extension [Claim] {
    /// IPv4 before IPv6.
    fileprivate var inOrder: [Claim] { sorted { $0.address < $1.address } }
}

extension LocalPod {
    /// Whether the Pod takes over a running virtual machine, which still uses the address elsewhere.
    var isMigrationTarget: Bool { annotations["kubevirt.io/migrationJobName"] != nil }
}
