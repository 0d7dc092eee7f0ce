internal import IPAMCore
public import IPAMEngine
public import PoolModel

/// A selection together with what the engine needs to act on it.
public struct PreparedSelection: Sendable {
    /// Which pools may serve, and why the others may not.
    public let selection: PoolSelection
    /// The accepted pools in words of the engine; empty when the selection failed.
    public let demands: [FamilyDemand]
    /// The accepted pools by name.
    public let pools: [String: ResolvedPool]
}

extension EmbeddedStore {
    /// Selects pools among those of the file.
    public func select(_ request: PoolRequest, facts: SelectionFacts) throws(StoreError) -> PreparedSelection {
        let selection = PoolSelection(request, facts: facts, pools: try pools(consideredBy: request))
        guard case .success(let choices) = selection.outcome else {
            return PreparedSelection(selection: selection, demands: [], pools: [:])
        }
        let reservations = try reservations()
        var demands: [FamilyDemand] = []
        var resolved: [String: ResolvedPool] = [:]
        for choice in choices {
            let reserved = reservations.reservedAddresses(of: choice.family)
            var candidates: [PoolCandidate] = []
            for pool in choice.candidates {
                let meaning = try resolve(pool)
                resolved[pool.name] = meaning
                candidates.append(PoolCandidate(meaning, reserved: reserved))
            }
            demands.append(FamilyDemand(family: choice.family, candidates: candidates))
        }
        return PreparedSelection(selection: selection, demands: demands, pools: resolved)
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
