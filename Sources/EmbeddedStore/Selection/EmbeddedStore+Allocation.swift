internal import IPAMCore
internal import IPAMEngine
internal import PoolModel

extension EmbeddedStore {
    /// What ends an allocation.
    private typealias AllocationFailure = TransactionFailure<AllocationRefusal>

    /// Serves one ADD: selects pools, gives back what a restarted workload may not keep, claims addresses.
    ///
    /// - Parameter allocation: Who asks for what.
    /// - Returns: the claims or the refusal, with what led to them. After a refusal the transaction must not be
    ///   committed: something may have been given back already.
    /// - Throws: ``StoreError`` when the file cannot be used.
    /// - Precondition: runs inside ``transaction(durably:_:)``.
    public mutating func allocate(_ allocation: Allocation) throws(StoreError) -> AllocationOutcome {
        if !allocation.bootID.isEmpty { _ = try dropVoidClaims(bootID: allocation.bootID, now: allocation.now) }
        var outcome = AllocationOutcome()
        do throws(AllocationFailure) {
            outcome.answer = .success(try serve(allocation, &outcome))
        } catch {
            switch error {
            case .refused(let refusal): outcome.answer = .failure(refusal)
            case .store(let error): throw error
            }
        }
        return outcome
    }

    private mutating func serve(
        _ allocation: Allocation, _ outcome: inout AllocationOutcome
    ) throws(AllocationFailure) -> [Claim] {
        var plan = try plan(allocation)
        outcome.plan = plan
        var owned = try looked { store throws(StoreError) in
            try store.ownedClaims(of: allocation.identity, attachment: allocation.attachment)
        }
        // What nobody keeps over containers is never looked at again.
        let earlier = allocation.isFixed ? try heldByEarlierContainers(owned, allocation, plan) : []
        if !earlier.isEmpty {
            let outdated = try outdated(earlier, allocation, plan)
            if !outdated.released.isEmpty {
                outcome.released = outdated.released
                let addresses = Set(outdated.released.map(\.held.address))
                try giveBack(earlier.filter { addresses.contains($0.address) }, now: allocation.now)
                owned.removeAll { addresses.contains($0.address) }
                // Where items are counted, the count begins anew.
                plan = try self.plan(allocation)
                outcome.plan = plan
            }
        }
        let prepared = try looked { store throws(StoreError) in
            try store.select(
                plan.request, facts: allocation.facts, policy: allocation.policy, owned: owned,
                isRepetition: earlier.isEmpty)
        }
        outcome.prepared = prepared
        if let refusal = prepared.refusal { throw .refused(.selection(refusal)) }
        return try claim(allocation, prepared)
    }

    private func plan(_ allocation: Allocation) throws(AllocationFailure) -> PoolPlan {
        var instructions = allocation.instructions
        if instructions.pod.has(AnnotationKey.pools) {
            do throws(StoreError) {
                instructions.servedInterfaces = try interfaces(ownedBy: allocation.owner.uid)
            } catch {
                throw .store(error)
            }
        }
        do throws(PoolSelectionError) { return try PoolPlan(instructions) } catch { throw .refused(.selection(error)) }
    }

    private mutating func claim(
        _ allocation: Allocation, _ prepared: PreparedSelection
    ) throws(AllocationFailure) -> [Claim] {
        var demands = prepared.demands
        for (family, address) in allocation.wanted {
            guard let index = demands.firstIndex(where: { $0.family == family }) else {
                let reason = "no \(family) pool may give \(address)"
                throw .refused(.allocation(AllocationError(.unavailable, family: family, reasons: [reason])))
            }
            demands[index].wanted = address
        }
        var process = ClaimProcess(
            ClaimRequest(
                owner: allocation.owner, interface: allocation.instructions.interface,
                containerID: allocation.containerID, network: allocation.network, node: allocation.node,
                bootID: allocation.bootID, now: allocation.now, demands: demands, policy: allocation.policy,
                isFixed: allocation.isFixed, declaredAddresses: prepared.declaredAddresses))
        return try carriedOut(&process)
    }

    // MARK: Pools that changed

    /// The claims that containers before this one left: of the interface that asks, or of all when items are counted.
    private mutating func heldByEarlierContainers(
        _ owned: [Claim], _ allocation: Allocation, _ plan: PoolPlan
    ) throws(AllocationFailure) -> [Claim] {
        var claims = owned.filter { $0.identity == allocation.identity }
        if plan.mode == .unnamed {
            claims += try looked { store throws(StoreError) in
                var others: [Claim] = []
                for interface in try store.interfaces(ownedBy: allocation.owner.uid)
                where interface != allocation.identity.interface {
                    others += try store.claims(
                        ofIdentity: Claim.Identity(uid: allocation.owner.uid, interface: interface))
                }
                return others
            }
        }
        return claims.filter { $0.isFixed && $0.containerID != allocation.containerID }
    }

    private mutating func outdated(
        _ claims: [Claim], _ allocation: Allocation, _ plan: PoolPlan
    ) throws(AllocationFailure) -> OutdatedPools {
        let (pools, reservations) = try looked { store throws(StoreError) in
            var pools = try store.pools(named: claims.map(\.pool))
            for request in plan.requests { pools += try store.pools(consideredBy: request) }
            return (pools, try store.reservations())
        }
        let reserved = AddressFamily.allCases.reduce(AddressSet.empty) {
            $0.union(reservations.reservedAddresses(of: $1))
        }
        do throws(PoolSelectionError) {
            return try OutdatedPools(
                claims.map { HeldAddress(interface: $0.interface, address: $0.address, pool: $0.pool) },
                plan: plan, facts: allocation.facts, pools: pools, reserved: reserved)
        } catch {
            throw .refused(.selection(error))
        }
    }

    private mutating func giveBack(_ claims: [Claim], now: Timestamp) throws(AllocationFailure) {
        for claim in claims {
            var process = AddressProcess(.reclaim(claim), of: claim.address, now: now)
            _ = try carriedOut(&process)
        }
    }

    // MARK: Errors

    private mutating func carriedOut<Process: EngineProcess>(
        _ process: inout Process
    ) throws(AllocationFailure) -> Process.Outcome {
        do throws(EngineFailure<StoreError>) {
            return try run(&process)
        } catch {
            switch error {
            case .refused(let error): throw .refused(.allocation(error))
            case .store(let error): throw .store(error)
            }
        }
    }

    private mutating func looked<Value>(
        _ body: (inout EmbeddedStore) throws(StoreError) -> Value
    ) throws(AllocationFailure) -> Value {
        do throws(StoreError) { return try body(&self) } catch { throw .store(error) }
    }
}
