internal import IPAMCore

extension ClaimDecision {
    /// The claim that is there already, moved to the present identity and sandbox; one that left its pool, or is not
    /// the wanted address, is given up.
    ///
    /// Of several, which only a write that nobody waited for or a restored backup can leave, it is the one that the
    /// present sandbox was told last.
    func keep(_ demand: FamilyDemand, _ draft: inout BlockDraft) -> Claim? {
        let request = order.request
        let found = draft.claims(in: held) { order.search.finds($0) && $0.address.family == demand.family }
        let own = found.filter { order.search.isIdentity(of: $0.holder) }
        let renamed = found.filter { !order.search.isIdentity(of: $0.holder) }
        let container = request.containerID
        for claim in own.sorted(by: { $0.isToldLater(than: $1, to: container) }) + renamed {
            let isDeclared = request.declaredAddresses[claim.pool]?.contains(claim.address) == true
            guard isDeclared, (demand.wanted ?? claim.address) == claim.address else {
                giveUp(claim, &draft)
                continue
            }
            let wanted = order.claim(on: claim.address, from: claim.pool)
            let isUnchanged =
                claim.state == .allocated && claim.holder == wanted.holder && claim.isFixed == wanted.isFixed
            guard isUnchanged else { return record(wanted, &draft) }
            // Written as it is: an earlier request for the sandbox, whose agent died, may have a write on its way that takes
            // the address away. It must meet a conflict, since the address is told now.
            draft.update(claim.address) { _ in true }
            return claim
        }
        return nil
    }

    /// Ends what other sandboxes of the identity still own: the present one takes their place. What is retained for the
    /// identity stays.
    func giveUpTheRest(keeping kept: [Claim], _ draft: inout BlockDraft) {
        let search = order.search
        let others = draft.claims(in: held) { claim in
            search.isIdentity(of: claim.holder) && !search.isAttachment(of: claim.holder)
                && claim.state == .allocated && !kept.contains { $0.address == claim.address }
        }
        for claim in others { giveUp(claim, &draft) }
    }

    private func giveUp(_ claim: Claim, _ draft: inout BlockDraft) {
        let (now, until) = (order.request.now, order.request.now.adding(order.policy.coolingTime))
        draft.update(claim.address) { block in
            block.release(claim.address, at: now, restingUntil: until) { $0 == claim } != nil
        }
    }
}

extension Claim {
    /// Whether this claim, rather than another of the same identity, is what a sandbox was told last.
    fileprivate func isToldLater(than other: Claim, to container: String) -> Bool {
        if (containerID == container) != (other.containerID == container) { return containerID == container }
        return since > other.since
    }
}
