internal import IPAMCore

/// What ``ClaimProcess`` decides.
struct ClaimDecision: Decision {
    private enum Stage {
        case owned
        case attached
        case picking
        case wanting
        case explaining
    }

    let order: ClaimOrder
    /// The blocks in which something is owned already.
    var held: [BlockKey] = []
    private var stage = Stage.owned
    private var outcome: [Claim] = []
    private var refusals: [AllocationError] = []
    private var position = 0
    private var candidate = 0
    private var freshness = Block.Freshness.neverUsed

    init(_ request: ClaimRequest, policy: ReusePolicy) {
        order = ClaimOrder(request, policy)
    }

    var request: ClaimRequest { order.request }

    var policy: ReusePolicy { order.policy }

    func forEachOwner(_ body: (String) -> Void) {
        body(request.owner.uid)
        if request.containerID != request.owner.uid { body(request.containerID) }
    }

    mutating func begin() -> StoreQuestion {
        stage = .owned
        held = []
        outcome = []
        refusals = []
        position = 0
        candidate = 0
        freshness = .neverUsed
        return .ownedBy(request.identity)
    }

    mutating func resume(
        _ finding: Finding, _ draft: inout BlockDraft
    ) throws(AllocationError) -> EngineStep<[Claim]> {
        switch (stage, finding) {
        case (.owned, .blocks(let keys)):
            held = keys
            stage = .attached
            return .ask(.attachedTo(request.attachment))
        case (.attached, .blocks(let keys)):
            for key in keys where !held.contains(key) { held.append(key) }
            if !held.isEmpty { keepTheFirst(&draft) }
        case (.picking, .room(let key)):
            if let key, let claim = pick(in: key, &draft) { finish(with: claim) } else { lowerDemands() }
        case (.wanting, .blocks):
            try takeWanted(&draft)
        case (.explaining, .usage(let usage)):
            try refuse(AllocationError(.usedOut, family: demand?.family, reasons: usage.map(\.description)))
        default:
            preconditionFailure("the answer does not belong to the question")
        }
        return try advance(&draft)
    }

    private var demand: FamilyDemand? {
        if request.policy == .first, !outcome.isEmpty { return nil }
        return position < request.demands.count ? request.demands[position] : nil
    }

    /// Where one family will do, the one that is owned already does: the same address after any restart.
    private mutating func keepTheFirst(_ draft: inout BlockDraft) {
        guard request.policy == .first else { return }
        for demand in request.demands {
            guard let kept = keep(demand, &draft) else { continue }
            return outcome.append(kept)
        }
    }

    /// Ends a demand, with a claim or without one.
    private mutating func finish(with claim: Claim?) {
        if let claim { outcome.append(claim) }
        position += 1
        candidate = 0
        freshness = .neverUsed
    }

    /// A demand cannot be served; the policy decides whether that is the end.
    private mutating func refuse(_ error: AllocationError) throws(AllocationError) {
        guard request.policy != .all else { throw error }
        refusals.append(error)
        finish(with: nil)
    }

    /// The next freshness of the same pool, or the next pool.
    private mutating func lowerDemands() {
        if let next = Block.Freshness(rawValue: freshness.rawValue + 1) {
            freshness = next
        } else {
            freshness = .neverUsed
            candidate += 1
        }
    }

    /// Serves demands from what is owned, and asks for what is missing.
    private mutating func advance(_ draft: inout BlockDraft) throws(AllocationError) -> EngineStep<[Claim]> {
        while let demand {
            if candidate == 0, freshness == .neverUsed, !held.isEmpty, let kept = keep(demand, &draft) {
                finish(with: kept)
                continue
            }
            if let wanted = demand.wanted {
                stage = .wanting
                return .ask(.blocks([BlockKey(containing: wanted)]))
            }
            guard candidate < demand.candidates.count else {
                stage = .explaining
                return .ask(.usage(demand.candidates, now: request.now))
            }
            stage = .picking
            return .ask(.vacancies(demand.candidates[candidate], freshness, now: request.now, known: []))
        }
        if outcome.isEmpty, let first = refusals.first {
            guard refusals.count > 1 else { throw first }
            throw AllocationError(first.code, reasons: refusals.map(\.withoutCode))
        }
        if !held.isEmpty { giveUpTheRest(keeping: outcome, &draft) }
        return .done(outcome)
    }

    private func pick(in key: BlockKey, _ draft: inout BlockDraft) -> Claim? {
        guard let demand, candidate < demand.candidates.count else { return nil }
        let pool = demand.candidates[candidate]
        let mask = key.mask(of: pool.addresses)
        guard let slot = draft.block(key)?.vacancy(in: mask, now: request.now, freshness: freshness) else { return nil }
        return record(order.claim(on: key.address(at: slot), from: pool.pool), &draft)
    }

    /// Takes the one address that will do.
    private mutating func takeWanted(_ draft: inout BlockDraft) throws(AllocationError) {
        guard let demand, let wanted = demand.wanted else { return }
        func unavailable(_ reason: String) -> AllocationError {
            AllocationError(.unavailable, family: demand.family, reasons: ["\(wanted) \(reason)"])
        }
        guard let pool = demand.candidates.first(where: { $0.addresses.contains(wanted) }) else {
            let names = demand.candidates.map(\.pool).joined(separator: " ")
            return try refuse(unavailable("is not among the addresses that [\(names)] may give out"))
        }
        let block = draft.block(BlockKey(containing: wanted))
        if let rest = block?.rest(of: wanted), rest.isQuarantined(at: request.now) {
            return try refuse(unavailable("is quarantined until \(rest.until): somebody else used it"))
        }
        if let claim = record(order.claim(on: wanted, from: pool.pool), &draft) { return finish(with: claim) }
        let owner = block?.claim(on: wanted)
        try refuse(unavailable("belongs to \(owner?.owner.text ?? "somebody else")"))
    }

    func record(_ claim: Claim, _ draft: inout BlockDraft) -> Claim? {
        var recorded: Claim?
        draft.update(claim.address) { block in
            guard case .claimed(let result) = block.claim(claim) else { return false }
            recorded = result
            return true
        }
        return recorded
    }
}
