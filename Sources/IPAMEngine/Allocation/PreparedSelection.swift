public import IPAMCore
public import PoolModel

/// A selection together with what the engine needs to act on it.
///
/// A repetition is answered with what is owned, even when no pool would be chosen today.
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

    /// Prepares a selection.
    ///
    /// - Parameters:
    ///   - selection: Which pools may serve.
    ///   - policy: Whether every family needs a pool; without that, families without one are left out.
    ///   - owned: What the same workload owns already.
    ///   - ownedPools: The pools of `owned`, as far as they exist.
    ///   - reservations: All reservations; not looked at when no pool may serve.
    ///   - isRepetition: Whether the workload may be answered with what it owns alone.
    /// - Throws: `InvalidResource` for a pool that cannot be understood.
    public init(
        _ selection: PoolSelection, policy: FamilyPolicy = .all, owned: [Claim] = [], ownedPools: [SpiderIPPool] = [],
        reservations: [SpiderReservedIP], isRepetition: Bool = true
    ) throws(InvalidResource) {
        var resolved: [String: ResolvedPool] = [:]
        var declared: [String: AddressSet] = [:]
        for pool in ownedPools {
            resolved[pool.name] = try ResolvedPool(pool)
            declared[pool.name] = pool.declaredAddresses
        }
        var refusal: PoolSelectionError?
        var demands: [FamilyDemand] = []
        switch Self.choices(selection, policy) {
        case .success(let choices):
            for choice in choices {
                let reserved = reservations.reservedAddresses(of: choice.family)
                var candidates: [PoolCandidate] = []
                for pool in choice.candidates {
                    let meaning = try ResolvedPool(pool)
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
        self.selection = selection
        self.refusal = refusal
        self.demands = demands
        pools = resolved
        declaredAddresses = declared
    }

    /// The pools of each family that is served, or why there are none.
    static func choices(
        _ selection: PoolSelection, _ policy: FamilyPolicy
    ) -> Result<[PoolSelection.Choice], PoolSelectionError> {
        let served = selection.considered.filter { !$0.candidates.isEmpty }
        return policy != .all && !served.isEmpty ? .success(served) : selection.outcome
    }
}
