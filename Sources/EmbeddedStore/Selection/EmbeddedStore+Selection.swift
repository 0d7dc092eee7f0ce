public import IPAMCore
public import IPAMEngine
public import PoolModel

/// A selection together with what the engine needs to act on it.
public struct PreparedSelection: Sendable {
    /// Which pools may serve, and why the others may not.
    public let selection: PoolSelection
    /// Why the request cannot be served; `nil` when it is worth trying.
    public let refusal: PoolSelectionError?
    /// What the engine is asked for: the accepted pools, or without any, just what is owned already. Empty when there
    /// is a refusal.
    public let demands: [FamilyDemand]
    /// The accepted pools and those of what is owned, by name.
    public let pools: [String: ResolvedPool]
    /// The addresses that each of ``pools`` declares, for `ClaimRequest.declaredAddresses`.
    public let declaredAddresses: [String: AddressSet]
}

extension EmbeddedStore {
    /// Selects pools among those of the file.
    ///
    /// A repetition is answered with what is owned, even when no pool would be chosen today.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - facts: What is known about who asks.
    ///   - policy: Whether every family needs a pool; without that, families without one are left out.
    ///   - owned: What the same workload owns already; see ``ownedClaims(of:attachment:)``.
    ///   - isRepetition: Whether the workload may be answered with what it owns alone.
    /// - Returns: what to ask the engine for, or why there is no point in asking.
    /// - Throws: ``StoreError`` when the file cannot be used or holds a pool that cannot be read.
    /// - Note: When addresses are claimed from the outcome in another ``transaction(durably:_:)``, a manifest that
    ///   changes in between is not seen; nothing else goes wrong.
    public func select(
        _ request: PoolRequest, facts: SelectionFacts, policy: FamilyPolicy = .all, owned: [Claim] = [],
        isRepetition: Bool = true
    ) throws(StoreError) -> PreparedSelection {
        let selection = PoolSelection(request, facts: facts, pools: try pools(consideredBy: request))
        var resolved: [String: ResolvedPool] = [:]
        var declared: [String: AddressSet] = [:]
        for pool in try pools(named: owned.map(\.pool)) {
            resolved[pool.name] = try resolve(pool)
            declared[pool.name] = pool.declaredAddresses
        }
        var refusal: PoolSelectionError?
        var demands: [FamilyDemand] = []
        var outcome = selection.outcome
        let served = selection.considered.filter { !$0.candidates.isEmpty }
        if policy != .all, !served.isEmpty { outcome = .success(served) }
        switch outcome {
        case .success(let choices):
            let reservations = try reservations()
            for choice in choices {
                let reserved = reservations.reservedAddresses(of: choice.family)
                var candidates: [PoolCandidate] = []
                for pool in choice.candidates {
                    let meaning = try resolve(pool)
                    resolved[pool.name] = meaning
                    declared[pool.name] = pool.declaredAddresses
                    candidates.append(PoolCandidate(meaning, reserved: reserved))
                }
                demands.append(FamilyDemand(family: choice.family, candidates: candidates))
            }
        case .failure(let error):
            let isKept = owned.allSatisfy { declared[$0.pool]?.contains($0.address) == true }
            if isRepetition, !owned.isEmpty, isKept {
                demands = Set(owned.map(\.address.family)).sorted().map { FamilyDemand(family: $0, candidates: []) }
            } else {
                refusal = error
            }
        }
        return PreparedSelection(
            selection: selection, refusal: refusal, demands: demands, pools: resolved, declaredAddresses: declared)
    }

    /// What a claim of this identity and attachment would keep, IPv4 first.
    public mutating func ownedClaims(
        of identity: Claim.Identity, attachment: Claim.Attachment
    ) throws(StoreError) -> [Claim] {
        let own = try claims(ofIdentity: identity)
        return own + (try claims(of: attachment)).filter { $0.identity != identity }
    }

    /// What a stored pool means.
    public func resolve(_ pool: SpiderIPPool) throws(StoreError) -> ResolvedPool {
        do throws(InvalidResource) {
            return try ResolvedPool(pool)
        } catch {
            throw StoreError(.damaged, path: path, detail: "\(error)")
        }
    }
}
