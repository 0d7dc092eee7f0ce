public import IPAMCore

/// Claims addresses of the wanted families, as many as the request's ``FamilyPolicy`` asks for, or none.
///
/// 1. What the identity already owns is kept: the same address after any restart, also from a full pool. Only the
///    sandbox is replaced when it is another one. The same goes for what the same container and interface own under
///    another UID.
/// 2. Every other family takes the one address that is wanted, or else the first pool, in order, that has an address
///    left; within a pool never used ones first, then the longest free, then one that still cools.
/// 3. What another sandbox of the identity owns beyond that, in a family that is not wanted any more, is given up:
///    nobody would release it later.
/// 4. All changes go out in one write. After a conflict everything is looked at again.
///
/// The outcome is one claim for each demand that was served, in their order.
public struct ClaimProcess: EngineProcess {
    /// How often a conflict may start the process over before it gives up.
    public static let maximumAttempts = 128

    private enum Stage {
        case owned
        case attached
        case picking
        case wanting
        case explaining
        case writing
    }

    let request: ClaimRequest
    let policy: ReusePolicy
    var draft = BlockDraft()
    private var stage = Stage.owned
    private var attempt = 1
    private var outcome: [Claim] = []
    private var refusals: [AllocationError] = []
    private var position = 0
    private var candidate = 0
    private var freshness = Block.Freshness.neverUsed

    /// Prepares a claim.
    public init(_ request: ClaimRequest, policy: ReusePolicy = ReusePolicy()) {
        self.request = request
        self.policy = policy
    }

    /// Asks what the identity already owns.
    public mutating func begin() throws(AllocationError) -> EngineStep<[Claim]> {
        stage = .owned
        draft = BlockDraft()
        outcome = []
        refusals = []
        position = 0
        candidate = 0
        freshness = .neverUsed
        return .ask(.ownedBy(request.identity))
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<[Claim]> {
        switch (stage, answer) {
        case (.owned, .blocks(let blocks)):
            _ = draft.adopt(blocks)
            stage = .attached
            return .ask(.attachedTo(request.attachment))
        case (.attached, .blocks(let blocks)):
            guard draft.adopt(blocks) else { return try beginAgain() }
            return try advance()
        case (.picking, .blocks(let blocks)):
            // A block that changed between two answers might have room that the earlier one does not show.
            guard draft.adopt(blocks) else { return try beginAgain() }
            if let claim = pick(in: blocks.map(\.block.key)) { finish(with: claim) } else { lowerDemands() }
            return try advance()
        case (.wanting, .blocks(let blocks)):
            guard draft.adopt(blocks) else { return try beginAgain() }
            try takeWanted()
            return try advance()
        case (.explaining, .usage(let usage)):
            try refuse(AllocationError(.usedOut, family: demand?.family, reasons: usage.map(\.description)))
            return try advance()
        case (.writing, .written):
            return .done(outcome)
        case (.writing, .conflict):
            return try beginAgain()
        default:
            preconditionFailure("the answer does not belong to the question")
        }
    }

    private mutating func beginAgain() throws(AllocationError) -> EngineStep<[Claim]> {
        guard attempt < Self.maximumAttempts else { throw AllocationError(.contention) }
        attempt += 1
        return try begin()
    }

    private var demand: FamilyDemand? {
        if request.policy == .first, !outcome.isEmpty { return nil }
        return position < request.demands.count ? request.demands[position] : nil
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
    private mutating func advance() throws(AllocationError) -> EngineStep<[Claim]> {
        while let demand {
            if candidate == 0, freshness == .neverUsed, let kept = keep(demand) {
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
            return .ask(.vacancies(demand.candidates[candidate], freshness, now: request.now))
        }
        if outcome.isEmpty, let first = refusals.first {
            guard refusals.count > 1 else { throw first }
            throw AllocationError(first.code, reasons: refusals.map(\.withoutCode))
        }
        giveUpTheRest(keeping: outcome)
        let writes = draft.writes
        if writes.isEmpty { return .done(outcome) }
        stage = .writing
        return .ask(.write(writes))
    }

    private mutating func pick(in keys: [BlockKey]) -> Claim? {
        guard let demand, candidate < demand.candidates.count else { return nil }
        let pool = demand.candidates[candidate]
        for key in keys {
            let mask = key.mask(of: pool.addresses)
            guard let slot = draft.block(key)?.vacancy(in: mask, now: request.now, freshness: freshness) else {
                continue
            }
            if let claim = record(request.claim(on: key.address(at: slot), from: pool.pool)) { return claim }
        }
        return nil
    }

    /// Takes the one address that will do.
    private mutating func takeWanted() throws(AllocationError) {
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
        if let claim = record(request.claim(on: wanted, from: pool.pool)) { return finish(with: claim) }
        let owner = block?.claim(on: wanted)
        try refuse(unavailable("belongs to \(owner?.owner.text ?? "somebody else")"))
    }

    mutating func record(_ claim: Claim) -> Claim? {
        var recorded: Claim?
        draft.update(BlockKey(containing: claim.address)) { block in
            guard case .claimed(let result) = block.claim(claim) else { return false }
            recorded = result
            return true
        }
        return recorded
    }
}
