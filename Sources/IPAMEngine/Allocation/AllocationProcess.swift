internal import IPAMCore
public import PoolModel

/// Serves one ADD, wherever pools and blocks are kept: weighs who decides, looks at what is owned, finds what a restarted
/// workload may not keep, selects pools, and last gives back and claims.
///
/// ```text
///   interfaces ─► plan ─► owned ─┬─────────────── pools ─► select ─► reservations ─► exchange ─► outcome
///        (if items are counted)  └─► outdated? ─►  (fixed and held by an earlier container: others, pools, reservations)
/// ```
///
/// Nothing is changed before the last question, so a refusal that comes earlier leaves everything as it was.
public struct AllocationProcess: Sendable {
    private enum Stage: Sendable {
        case start, interfaces, owned, others, heldPools, heldReservations, selection, ownedPools, reservations,
            exchange
    }

    private let allocation: Allocation
    private var stage = Stage.start
    private var outcome = AllocationOutcome()
    private var interfaces: [String] = []
    /// What the identity or the attachment owns and keeps.
    private var owned: [Claim] = []
    /// What the owner owns for other interfaces, where items are counted.
    private var others: [Claim] = []
    /// The claims that containers before this one left.
    private var earlier: [Claim] = []
    /// The claims that are given back.
    private var outdated: [Claim] = []
    private var heldPools: [SpiderIPPool] = []
    private var ownedPools: [SpiderIPPool] = []
    private var selection: PoolSelection?
    private var reservations: [SpiderReservedIP]?

    /// Prepares to serve a request.
    public init(_ allocation: consuming Allocation) { self.allocation = allocation }

    /// The first step.
    public mutating func begin() -> AllocationStep {
        guard allocation.instructions.pod.has(AnnotationKey.pools) else {
            return refusable { process throws(AllocationRefusal) in try process.askOwned() }
        }
        stage = .interfaces
        return .ask(.interfaces(owner: allocation.owner.uid))
    }

    /// The next step after the answer to the question just asked.
    ///
    /// - Throws: `InvalidResource` for a pool that cannot be understood; the process has ended then.
    public mutating func resume(_ answer: AllocationAnswer) throws(InvalidResource) -> AllocationStep {
        switch (stage, answer) {
        case (.interfaces, .interfaces(let interfaces)):
            self.interfaces = interfaces
            return refusable { process throws(AllocationRefusal) in try process.askOwned() }
        case (.owned, .claims(let claims)):
            owned = claims
            // What nobody keeps over containers is never looked at again.
            guard allocation.isFixed else { return askSelection() }
            guard outcome.plan?.mode == .unnamed else { return askHeldPools() }
            stage = .others
            return .ask(.others(allocation.identity))
        case (.others, .claims(let claims)):
            others = claims
            return askHeldPools()
        case (.heldPools, .pools(let pools)):
            heldPools = pools
            stage = .heldReservations
            return .ask(.reservations)
        case (.heldReservations, .reservations(let reservations)):
            self.reservations = reservations
            return refusable { process throws(AllocationRefusal) in
                try process.findOutdated()
                return process.askSelection()
            }
        case (.selection, .pools(let pools)):
            guard let request = outcome.plan?.request else { break }
            selection = PoolSelection(request, facts: allocation.facts, pools: pools)
            guard !owned.isEmpty else { return try askReservations() }
            stage = .ownedPools
            return .ask(.pools(named: owned.map(\.pool), for: []))
        case (.ownedPools, .pools(let pools)):
            ownedPools = pools
            return try askReservations()
        case (.reservations, .reservations(let reservations)):
            self.reservations = reservations
            return try exchange()
        case (.exchange, .claimed(let answer)):
            outcome.answer = answer.mapError { .allocation($0) }
            return .done(outcome)
        default:
            break
        }
        preconditionFailure("an answer to a question that was not asked")
    }

    // MARK: Steps

    private mutating func makePlan() throws(AllocationRefusal) {
        var instructions = allocation.instructions
        if instructions.pod.has(AnnotationKey.pools) { instructions.servedInterfaces = interfaces }
        do throws(PoolSelectionError) {
            outcome.plan = try PoolPlan(instructions)
        } catch {
            throw .selection(error)
        }
    }

    private mutating func askOwned() throws(AllocationRefusal) -> AllocationStep {
        try makePlan()
        stage = .owned
        return .ask(.owned(allocation.identity, allocation.attachment))
    }

    /// Asks about what containers before this one left: of the interface that asks, or of all when items are counted.
    private mutating func askHeldPools() -> AllocationStep {
        earlier = (owned.filter { $0.identity == allocation.identity } + others)
            .filter { $0.isFixed && $0.containerID != allocation.containerID }
        guard !earlier.isEmpty else { return askSelection() }
        stage = .heldPools
        return .ask(.pools(named: earlier.map(\.pool), for: outcome.plan?.requests ?? []))
    }

    private mutating func findOutdated() throws(AllocationRefusal) {
        guard let plan = outcome.plan else { return }
        let reserved = AddressFamily.allCases.reduce(AddressSet.empty) {
            $0.union((reservations ?? []).reservedAddresses(of: $1))
        }
        do throws(PoolSelectionError) {
            outcome.released = try OutdatedPools(
                earlier.map { HeldAddress(interface: $0.interface, address: $0.address, pool: $0.pool) },
                plan: plan, facts: allocation.facts, pools: heldPools, reserved: reserved
            ).released
        } catch {
            throw .selection(error)
        }
        guard !outcome.released.isEmpty else { return }
        let addresses = Set(outcome.released.map(\.held.address))
        outdated = earlier.filter { addresses.contains($0.address) }
        owned.removeAll { addresses.contains($0.address) }
        // Where items are counted, the count begins anew.
        let served = Set((owned + others.filter { !addresses.contains($0.address) }).map(\.interface))
        interfaces.removeAll { !served.contains($0) }
        try makePlan()
    }

    private mutating func askSelection() -> AllocationStep {
        stage = .selection
        return .ask(.pools(named: [], for: (outcome.plan?.request).map { [$0] } ?? []))
    }

    private mutating func askReservations() throws(InvalidResource) -> AllocationStep {
        guard reservations == nil, let selection,
            case .success = PreparedSelection.choices(selection, allocation.policy)
        else { return try exchange() }
        stage = .reservations
        return .ask(.reservations)
    }

    private mutating func exchange() throws(InvalidResource) -> AllocationStep {
        guard let selection else { preconditionFailure("no selection was made") }
        let prepared = try PreparedSelection(
            selection, policy: allocation.policy, owned: owned, ownedPools: ownedPools,
            reservations: reservations ?? [], isRepetition: earlier.isEmpty)
        outcome.prepared = prepared
        do throws(AllocationRefusal) {
            stage = .exchange
            return .ask(.exchange(outdated, for: try request(prepared)))
        } catch {
            return refused(error)
        }
    }

    /// What the engine is asked for.
    private func request(_ prepared: PreparedSelection) throws(AllocationRefusal) -> ClaimRequest {
        if let refusal = prepared.refusal { throw .selection(refusal) }
        var demands = prepared.demands
        for (family, address) in allocation.wanted {
            guard let index = demands.firstIndex(where: { $0.family == family }) else {
                let reason = "no \(family) pool may give \(address)"
                throw .allocation(AllocationError(.unavailable, family: family, reasons: [reason]))
            }
            demands[index].wanted = address
        }
        return ClaimRequest(
            owner: allocation.owner, interface: allocation.instructions.interface,
            containerID: allocation.containerID, network: allocation.network, node: allocation.node,
            bootID: allocation.bootID, now: allocation.now, demands: demands, policy: allocation.policy,
            isFixed: allocation.isFixed, declaredAddresses: prepared.declaredAddresses)
    }

    /// A refusal is an outcome.
    private mutating func refusable(
        _ body: (inout Self) throws(AllocationRefusal) -> AllocationStep
    ) -> AllocationStep {
        do throws(AllocationRefusal) { return try body(&self) } catch { return refused(error) }
    }

    private mutating func refused(_ refusal: AllocationRefusal) -> AllocationStep {
        outcome.answer = .failure(refusal)
        return .done(outcome)
    }
}
