internal import ClusterStore
public import IPAMCore
internal import IPAMEngine
internal import KubeClient
internal import Logging
internal import PoolModel

extension ClusterAgent {
    /// Takes back what one sandbox has on one interface.
    ///
    /// It is written down first; when the API server cannot be reached the call succeeds all the same, and the agent goes
    /// on with it until it is done, over restarts too.
    public func release(
        _ arguments: AttachmentArguments, deadline: MonotonicInstant
    ) async throws(AgentRefusal) {
        try await inTurn(arguments.containerID) { () async throws(AgentRefusal) in
            let key = LedgerEntry.Key(containerID: arguments.containerID, interface: arguments.interface)
            let entry = try releasing(key, arguments)
            let isDone = await carryOut(entry, deadline: deadline)
            if !isDone { logger.warning("the release of \(entry.pod) \(key.interface) is finished later") }
        }
    }

    /// Marks in the ledger that a sandbox is gone.
    private func releasing(
        _ key: LedgerEntry.Key, _ arguments: AttachmentArguments
    ) throws(AgentRefusal) -> LedgerEntry {
        // One that the ledger does not know may still have claims: the ledger may have been lost.
        var entry =
            ledger.entry(key)
            ?? LedgerEntry(
                key, addresses: [], pod: arguments.pod, podUID: arguments.podUID, owner: arguments.podUID,
                bootID: bootID)
        guard entry.state != .releasing else { return entry }
        entry.state = .releasing
        do throws(LedgerError) {
            try ledger.record(entry)
        } catch {
            throw AgentRefusal("the agent cannot write down that the sandbox is gone: \(error)")
        }
        return entry
    }

    /// Takes back what a sandbox that is gone has, and forgets it then.
    ///
    /// - Returns: whether that is done.
    func carryOut(_ entry: LedgerEntry, deadline: MonotonicInstant) async -> Bool {
        do throws(AgentRefusal) {
            let hints = entry.addresses.map(\.address)
            let attachment = Claim.Attachment(containerID: entry.key.containerID, interface: entry.key.interface)
            let process = ReleaseProcess(
                attachment, isKept: isAliveHere(entry), now: now, policy: settings.reuse)
            let ended = try await submit(.release(process), hints: hints, deadline).claims
            // An earlier try may have released and come no further.
            let retained = await store.claims(ownedBy: entry.owner).filter {
                $0.state == .retained && $0.interface == entry.key.interface
            }
            let addresses = Set(ended.map(\.address))
            let claims = ended + retained.filter { !addresses.contains($0.address) }
            if let first = claims.first { try await project(first, claims, deadline) }
        } catch {
            logger.warning("\(entry.pod) \(entry.key.interface) cannot be released now: \(error)")
            return false
        }
        do throws(LedgerError) {
            try ledger.remove(entry.key)
        } catch {
            logger.error("\(error)")
            return false
        }
        return true
    }

    /// Whether the Pod goes on: then kubelet replaces the sandbox, and the Pod keeps its addresses.
    private func isAliveHere(_ entry: LedgerEntry) -> Bool {
        let pod = view.pods.value(ObjectKey(namespace: entry.pod.namespace, name: entry.pod.name))
        guard let pod, !entry.podUID.isEmpty, pod.uid == entry.podUID else { return false }
        return pod.isAlive
    }

    /// Does what follows from claims that ended or are kept without a sandbox.
    private func project(_ first: Claim, _ ended: [Claim], _ deadline: MonotonicInstant) async throws(AgentRefusal) {
        let kept = ended.filter { $0.state == .retained }
        if let identity = FixedIdentity(uid: first.owner.uid, controllerName: first.owner.controllerName) {
            let isExpected = try await reading(by: deadline) { () async throws(KubeError) in
                try await view.isExpectedBack(identity, deadline: deadline)
            }
            guard !isExpected else { return }
            try await reclaim(kept, deadline)
            submitEndpointRemoval(first, owner: nil)
        } else if kept.isEmpty {
            submitEndpointRemoval(first)
        }
    }

    /// Takes the interface of a plain Pod's claim out of its SpiderEndpoint.
    func submitEndpointRemoval(_ claim: Claim) {
        let pod = OwnerReference(apiVersion: "v1", kind: "Pod", name: claim.owner.name, uid: claim.owner.uid)
        submitEndpointRemoval(claim, owner: pod)
    }

    private func submitEndpointRemoval(_ claim: Claim, owner: OwnerReference?) {
        endpoints.submit(
            EndpointChange(
                key: ObjectKey(namespace: claim.owner.namespace, name: claim.owner.name), uid: claim.owner.uid,
                node: view.node, controllerKind: claim.owner.controllerKind,
                controllerName: claim.owner.controllerName, owner: owner, interface: claim.interface, element: nil))
    }

    /// Ends claims that are kept without a sandbox.
    func reclaim(_ claims: [Claim], _ deadline: MonotonicInstant) async throws(AgentRefusal) {
        for claim in claims {
            let process = AddressProcess(.reclaim(claim), of: claim.address, now: now, policy: settings.reuse)
            _ = try await submit(.change(process), hints: [], deadline)
        }
    }

    func submit(
        _ request: BatchRequest, hints: [IPAddress], _ deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> BatchOutcome {
        do throws(AllocationError) {
            return try await store.submit(request, hints: hints, deadline: deadline)
        } catch {
            throw AgentRefusal("\(error)")
        }
    }

    // MARK: Conflicts

    /// Gives up what a sandbox has, since somebody else was seen using it or the ADD is given up.
    public func giveUp(_ arguments: GiveUpArguments, deadline: MonotonicInstant) async throws(AgentRefusal) {
        try await inTurn(arguments.containerID) { () async throws(AgentRefusal) in
            let held = await store.claims.filter { claim in
                claim.containerID == arguments.containerID && claim.state == .allocated
                    && (arguments.interface ?? claim.interface) == claim.interface
            }
            if arguments.isConflict { try checkRelease(held) }
            for interface in Set(held.map(\.interface)) {
                let attachment = Claim.Attachment(containerID: arguments.containerID, interface: interface)
                let process = ReleaseProcess(attachment, now: now, policy: settings.reuse)
                _ = try await submit(.release(process), hints: held.map(\.address), deadline)
                if let claim = held.first(where: { $0.interface == interface }) { submitEndpointRemoval(claim) }
                do throws(LedgerError) {
                    try ledger.remove(LedgerEntry.Key(containerID: arguments.containerID, interface: interface))
                } catch {
                    throw AgentRefusal("\(error)")
                }
            }
            for conflict in arguments.conflicts { try await quarantine(conflict, arguments.pod, deadline) }
        }
    }

    private func checkRelease(_ held: [Claim]) throws(AgentRefusal) {
        if let claim = held.first(where: \.isFixed) {
            throw .statefulReleaseForbidden(
                "\(claim.address) is fixed for \(claim.owner.text) and stays, although somebody else uses it")
        }
        if !settings.releasesConflicts {
            throw .statelessReleaseForbidden(
                "SPIDERPOOL_ENABLED_RELEASE_CONFLICT_IPS is false: addresses in conflict are not released")
        }
    }

    private func quarantine(
        _ conflict: GiveUpArguments.Conflict, _ pod: PodName, _ deadline: MonotonicInstant
    ) async throws(AgentRefusal) {
        let process = AddressProcess(
            .quarantine, of: conflict.address, holder: conflict.mac, now: now, policy: settings.reuse)
        _ = try await submit(.change(process), hints: [conflict.address], deadline)
        let user = conflict.mac.map { " by \($0)" } ?? ""
        logger.warning("\(conflict.address) is in foreign use\(user) and is spared")
        if let pod = view.pods.value(ObjectKey(namespace: pod.namespace, name: pod.name)) {
            events.record(
                .warning, reason: "IPConflict",
                message: "\(conflict.address) is used\(user) already; another one is taken",
                about: pod.reference, action: "QuarantineIP")
        }
    }

    // MARK: Garbage

    /// Takes back what containers of a network have that are not attached any more.
    public func collectGarbage(
        _ arguments: GarbageArguments, deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> GarbageReply {
        var released: [Claim] = []
        let claims = await store.claims.filter { claim in
            claim.node == view.node && claim.network == arguments.network && claim.state == .allocated
        }
        var gone: Set<GarbageArguments.Attachment> = []
        for claim in claims {
            let attachment = GarbageArguments.Attachment(containerID: claim.containerID, interface: claim.interface)
            guard !arguments.valid.contains(attachment), gone.insert(attachment).inserted else { continue }
            released += claims.filter { $0.attachment == claim.attachment }
            try await release(
                AttachmentArguments(
                    containerID: claim.containerID, interface: claim.interface,
                    pod: PodName(namespace: claim.owner.namespace, name: claim.owner.name), podUID: claim.owner.uid),
                deadline: deadline)
        }
        return GarbageReply(released: released.sorted { $0.address < $1.address })
    }
}
