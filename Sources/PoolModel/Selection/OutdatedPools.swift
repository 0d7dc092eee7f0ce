internal import IPAMCore

/// Which of the addresses that a restarted workload holds still come from pools that it asks for.
///
/// Only names are compared: a pool that is named keeps its users, whether or not it would be chosen today. What is
/// outdated is released before the workload is served anew.
///
/// An interface keeps all of its addresses or none. Where items are counted instead of named, the addresses of all
/// interfaces stay or go together; otherwise only the interface that asks is looked at, since each of the others has an
/// ADD of its own.
public struct OutdatedPools: Sendable, Hashable {
    /// What stays, in the order given.
    public let kept: [HeldPool]
    /// What has to be released, in the order given.
    public let released: [HeldPool]

    /// Compares.
    ///
    /// - Parameters:
    ///   - held: What the workload holds.
    ///   - plan: What it asks for now.
    ///   - pools: The pools, for patterns and default pools.
    /// - Throws: ``PoolSelectionError`` when a list that matters is malformed.
    public init(_ held: [HeldPool], plan: PoolPlan, pools: [SpiderIPPool]) throws(PoolSelectionError) {
        let asking = plan.request.interface
        var names: [String: [AddressFamily: Set<String>]] = [:]
        for request in plan.requests where plan.mode == .unnamed || request.interface == asking {
            for family in request.families {
                let list = try PoolList(request, family: family, pools: pools)
                names[request.interface, default: [:]][family] = Set(list.entries.map(\.name))
            }
        }
        var outdated: Set<String> = []
        for entry in held where plan.mode == .unnamed || entry.interface == asking {
            if names[entry.interface]?[entry.family]?.contains(entry.pool) != true { outdated.insert(entry.interface) }
        }
        let isEverything = plan.mode == .unnamed && !outdated.isEmpty
        kept = held.filter { !isEverything && !outdated.contains($0.interface) }
        released = held.filter { isEverything || outdated.contains($0.interface) }
    }
}
