public import IPAMCore

/// Claims an address of every wanted family, or none.
///
/// 1. What the identity already owns is kept: the same address after any restart, also from a full pool. Only the
///    sandbox is replaced when it is another one. The same goes for what the same container and interface own under
///    another UID.
/// 2. Every other family takes the first pool, in order, that has an address left; within a pool never used ones
///    first, then the longest free, then one that still cools.
/// 3. What another sandbox of the identity owns beyond that, in a family that is not wanted any more, is given up:
///    nobody would release it later.
/// 4. All changes go out in one write. After a conflict everything is looked at again.
///
/// The outcome is one claim for each demand, in their order.
public struct ClaimProcess: EngineProcess {
    /// How often a conflict may start the process over before it gives up.
    public static let maximumAttempts = 128

    private enum Stage {
        case owned
        case attached
        case picking
        case writing
        case explaining
    }

    private let request: ClaimRequest
    private let policy: ReusePolicy
    private var stage = Stage.owned
    private var attempt = 1
    private var draft = BlockDraft()
    private var outcome: [Claim] = []
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
        candidate = 0
        freshness = .neverUsed
        return .ask(.ownedBy(request.identity))
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<[Claim]> {
        switch (stage, answer) {
        case (.owned, .blocks(let blocks)):
            draft.adopt(blocks)
            stage = .attached
            return .ask(.attachedTo(request.attachment))
        case (.attached, .blocks(let blocks)):
            draft.adopt(blocks)
            stage = .picking
            return try advance()
        case (.picking, .blocks(let blocks)):
            draft.adopt(blocks)
            if let claim = pick(in: blocks.map(\.block.key)) { accept(claim) } else { lowerDemands() }
            return try advance()
        case (.explaining, .usage(let usage)):
            throw AllocationError(
                .usedOut, family: demand?.family, reasons: usage.map(\.description))
        case (.writing, .written):
            return .done(outcome)
        case (.writing, .conflict):
            guard attempt < Self.maximumAttempts else { throw AllocationError(.contention) }
            attempt += 1
            return try begin()
        default:
            preconditionFailure("the answer does not belong to the question")
        }
    }

    private var demand: FamilyDemand? {
        outcome.count < request.demands.count ? request.demands[outcome.count] : nil
    }

    private mutating func accept(_ claim: Claim) {
        outcome.append(claim)
        candidate = 0
        freshness = .neverUsed
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
            if candidate == 0, freshness == .neverUsed, let kept = keep(demand.family) {
                accept(kept)
                continue
            }
            guard candidate < demand.candidates.count else {
                stage = .explaining
                return .ask(.usage(demand.candidates, now: request.now))
            }
            return .ask(.vacancies(demand.candidates[candidate], freshness, now: request.now))
        }
        giveUpTheRest()
        let writes = draft.writes
        if writes.isEmpty { return .done(outcome) }
        stage = .writing
        return .ask(.write(writes))
    }

    /// The claim that is there already, moved to the present identity and sandbox; one that left its pool is given up.
    private mutating func keep(_ family: AddressFamily) -> Claim? {
        let (identity, attachment) = (request.identity, request.attachment)
        let own = draft.claims { $0.identity == identity && $0.address.family == family }
        let renamed = draft.claims {
            $0.identity != identity && $0.attachment == attachment && $0.address.family == family
        }
        for claim in own + renamed {
            guard request.declaredAddresses[claim.pool]?.contains(claim.address) == true else {
                giveUp(claim)
                continue
            }
            var wanted = request.claim(on: claim.address, from: claim.pool)
            wanted.state = .allocated
            let isUnchanged =
                claim.state == .allocated && claim.attachment == wanted.attachment && claim.node == wanted.node
                && claim.bootID == wanted.bootID && claim.network == wanted.network && claim.owner == wanted.owner
            return isUnchanged ? claim : record(wanted)
        }
        return nil
    }

    /// Ends what other sandboxes of the identity still own: the present one takes their place.
    private mutating func giveUpTheRest() {
        let (identity, attachment) = (request.identity, request.attachment)
        for claim in draft.claims(where: { $0.identity == identity && $0.attachment != attachment })
        where claim.state == .allocated {
            giveUp(claim)
        }
    }

    private mutating func giveUp(_ claim: Claim) {
        let (now, until) = (request.now, request.now.adding(policy.coolingTime))
        draft.update(BlockKey(containing: claim.address)) { block in
            block.release(claim.address, at: now, restingUntil: until) { $0 == claim } != nil
        }
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

    private mutating func record(_ claim: Claim) -> Claim? {
        var recorded: Claim?
        draft.update(BlockKey(containing: claim.address)) { block in
            guard case .claimed(let result) = block.claim(claim) else { return false }
            recorded = result
            return true
        }
        return recorded
    }
}
