internal import IPAMCore

/// What ``ClaimProcess`` decides: it asks, and what it decides are changes of a draft.
///
/// Reading, writing and starting over after a conflict are the same for all and belong to ``Batch``. The draft may have
/// been changed by other decisions before.
struct ClaimDecision: Sendable {
    private enum Stage {
        case picking
        case wanting
        case explaining
    }

    let order: ClaimOrder
    /// The blocks in which something is owned already.
    let held: [BlockKey]
    private var stage = Stage.picking
    private var outcome: [Claim] = []
    private var refusals: [AllocationError] = []
    private var position = 0
    private var candidate = 0
    private var freshness = Block.Freshness.neverUsed

    /// Prepares the decision.
    ///
    /// - Parameters:
    ///   - order: What is asked for.
    ///   - held: The blocks of the draft in which something is owned already.
    init(_ order: ClaimOrder, held: [BlockKey]) {
        self.order = order
        self.held = held
    }

    /// The first question, or the end.
    mutating func begin(_ draft: inout BlockDraft) throws(AllocationError) -> EngineStep<BatchOutcome> {
        if !held.isEmpty { keepTheFirst(&draft) }
        return try advance(&draft)
    }

    /// What follows from an answer.
    mutating func resume(
        _ finding: Finding, _ draft: inout BlockDraft
    ) throws(AllocationError) -> EngineStep<BatchOutcome> {
        switch (stage, finding) {
        case (.picking, .blocks):
            if let claim = pick(&draft) { finish(with: claim) } else { lowerDemands() }
        case (.wanting, .blocks):
            try takeWanted(&draft)
        case (.explaining, .usage(let usage)):
            try refuse(
                AllocationError(
                    .usedOut, family: order.request.demands[position].family, reasons: usage.map(\.description)))
        default:
            preconditionFailure("the answer does not belong to the question")
        }
        return try advance(&draft)
    }

    /// Whether a demand is left.
    private var isDemanding: Bool {
        if order.request.policy == .first, !outcome.isEmpty { return false }
        return position < order.request.demands.count
    }

    /// Where one family will do, the one that is owned already does: the same address after any restart.
    private mutating func keepTheFirst(_ draft: inout BlockDraft) {
        guard order.request.policy == .first else { return }
        for demand in order.request.demands {
            guard let kept = keep(demand, &draft) else { continue }
            return outcome.append(kept)
        }
    }

    /// Ends a demand, with a claim or without one.
    private mutating func finish(with claim: Claim?) {
        if let claim { if outcome.isEmpty { outcome = [claim] } else { outcome.append(claim) } }
        position += 1
        candidate = 0
        freshness = .neverUsed
    }

    /// A demand cannot be served; the policy decides whether that is the end.
    private mutating func refuse(_ error: AllocationError) throws(AllocationError) {
        guard order.request.policy != .all else { throw error }
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

    /// Serves demands from what is owned and from blocks that are known, and asks for what is missing.
    private mutating func advance(_ draft: inout BlockDraft) throws(AllocationError) -> EngineStep<BatchOutcome> {
        while isDemanding {
            if candidate == 0, freshness == .neverUsed, !held.isEmpty,
                let kept = keep(order.request.demands[position], &draft)
            {
                finish(with: kept)
                continue
            }
            if let wanted = order.request.demands[position].wanted {
                stage = .wanting
                return .ask(.blocks([BlockKey(containing: wanted)]))
            }
            guard candidate < order.request.demands[position].candidates.count else {
                stage = .explaining
                return .ask(.usage(order.request.demands[position].candidates, now: order.request.now))
            }
            if freshness == .neverUsed, let claim = pick(&draft) {
                finish(with: claim)
                continue
            }
            stage = .picking
            let pool = order.request.demands[position].candidates[candidate]
            return .ask(
                .vacancies(pool, freshness, now: order.request.now, known: draft.known(pool.addresses.family)))
        }
        if outcome.isEmpty, let first = refusals.first {
            guard refusals.count > 1 else { throw first }
            throw AllocationError(first.code, reasons: refusals.map(\.withoutCode))
        }
        if !held.isEmpty { giveUpTheRest(keeping: outcome, &draft) }
        return .done(.claimed(outcome))
    }

    /// Takes the best address of the present pool in a known block: of the present freshness, or of a better one that a
    /// store has found meanwhile.
    private func pick(_ draft: inout BlockDraft) -> Claim? {
        let request = order.request
        let pool = request.demands[position].candidates[candidate]
        for better in Block.Freshness.allCases where better <= freshness {
            if let address = draft.vacancy(in: pool.addresses, better, now: request.now) {
                return record(order.claim(on: address, from: pool.pool), &draft)
            }
        }
        return nil
    }

    /// Takes the one address that will do.
    private mutating func takeWanted(_ draft: inout BlockDraft) throws(AllocationError) {
        let demand = order.request.demands[position]
        guard let wanted = demand.wanted else { return }
        func unavailable(_ reason: String) -> AllocationError {
            AllocationError(.unavailable, family: demand.family, reasons: ["\(wanted) \(reason)"])
        }
        guard let pool = demand.candidates.first(where: { $0.addresses.contains(wanted) }) else {
            let names = demand.candidates.map(\.pool).joined(separator: " ")
            return try refuse(unavailable("is not among the addresses that [\(names)] may give out"))
        }
        let block = draft.block(BlockKey(containing: wanted))
        if let rest = block?.rest(of: wanted), rest.isQuarantined(at: order.request.now) {
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
