internal import ClusterBlocks
internal import ClusterStore
internal import IPAMCore
internal import IPAMEngine
internal import KubeClient
internal import Logging

extension ClusterAgent {
    /// How often what is left to do is tried again.
    private static let pause = Duration.seconds(5)

    /// Goes on with what an agent before this one, or a moment without API server, left to do.
    func recover() async {
        let addresses = ledger.entries.flatMap { $0.addresses.map(\.address) }
        await store.learn(Set(addresses.map { BlockKey(containing: $0) } + guests.keys).sorted())
        for damage in ledger.damages { logger.error("ledger: \(damage)") }
        var restorations = -1
        while !Task.isCancelled {
            if await store.isComplete, view.pods.isComplete {
                for entry in ledger.entries where entry.state == .releasing {
                    _ = await turnstile.pass(entry.key.containerID) { await self.carryOutIfOwed(entry.key) }
                }
                let count = await store.restorations
                if count != restorations {
                    await repair()
                    restorations = count
                }
                await reclaimOfEndedPods()
            }
            try? await Task.sleep(for: Self.pause)  // proof: a pause before the next try, nothing is ordered by it
        }
    }

    private func carryOutIfOwed(_ key: LedgerEntry.Key) async {
        guard let entry = ledger.entry(key), entry.state == .releasing else { return }
        _ = await carryOut(entry, deadline: .now + .seconds(30))
    }

    /// Puts back into the blocks what live sandboxes use, after the API server's data were restored from a backup.
    func repair() async {
        let uses = ledger.entries.filter { $0.state == .given && !$0.addresses.isEmpty }.map {
            LiveUse($0.claims(on: view.node))
        }
        guard !uses.isEmpty else { return }
        for conflict in await store.repair(uses, deadline: .now + .seconds(30)) { report(conflict) }
    }

    private func report(_ conflict: RepairConflict) {
        let owner = conflict.owner.map { "now belongs to \($0.owner.text) on \($0.node)" } ?? "is in quarantine"
        let text = "\(conflict.used.address) is used by \(conflict.used.owner.text) but \(owner); restart the Pod"
        logger.error("\(text)")
        let name = ObjectKey(namespace: conflict.used.owner.namespace, name: conflict.used.owner.name)
        if let pod = view.pods.value(name) {
            events.record(.warning, reason: "IPConflict", message: text, about: pod.reference, action: "RepairIP")
        }
    }

    /// Ends the claims that are kept for Pods which have ended since.
    private func reclaimOfEndedPods() async {
        let kept = await store.claims.filter { $0.node == view.node && $0.state == .retained && !$0.isFixed }
        for claim in kept where !isAlive(claim.owner) {
            do throws(AgentRefusal) {
                try await reclaim([claim], .now + .seconds(30))
                submitEndpointRemoval(claim)
                logger.info("\(claim.address) of \(claim.owner.text) is free, since the Pod has ended")
            } catch {
                logger.warning("\(claim.address) of \(claim.owner.text) cannot be taken back now: \(error)")
            }
        }
    }

    private func isAlive(_ owner: Claim.Owner) -> Bool {
        let pod = view.pods.value(ObjectKey(namespace: owner.namespace, name: owner.name))
        return pod.map { $0.uid == owner.uid && $0.isAlive } ?? false
    }

    /// Takes back what was kept for Pods when they end.
    func followPods() async {
        for await change in view.pods.changes() {
            let ended: LocalPod?
            switch change {
            case .added: ended = nil
            case .updated(_, let old, let new): ended = old.isAlive && !new.isAlive ? new : nil
            case .removed(_, let old): ended = old
            }
            guard let ended, await store.isComplete else { continue }
            let kept = await store.claims(ownedBy: ended.uid).filter { $0.state == .retained && !$0.isFixed }
            guard !kept.isEmpty else { continue }
            do throws(AgentRefusal) {
                try await reclaim(kept, .now + .seconds(30))
                for claim in kept { submitEndpointRemoval(claim) }
            } catch {
                logger.warning("what \(ended.name) had cannot be taken back now: \(error)")
            }
        }
    }
}

extension LedgerEntry {
    /// What the sandbox was given, as claims.
    fileprivate func claims(on node: String) -> [Claim] {
        addresses.map { entry in
            Claim(
                address: entry.address, pool: entry.pool,
                owner: Claim.Owner(
                    namespace: pod.namespace, name: FixedIdentity(uid: owner, controllerName: "")?.name ?? pod.name,
                    uid: owner),
                interface: key.interface, containerID: key.containerID, network: network, node: node, isFixed: isFixed,
                since: since)
        }
    }
}
