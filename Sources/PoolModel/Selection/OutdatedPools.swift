public import IPAMCore

/// Which of the addresses that a restarted workload holds it gives back, and why.
///
/// An address stays as long as its pool is named, would accept the workload today, and may hand the address out. When a
/// pool is not named any more, its interface gives back all of its addresses; where items are counted instead of named,
/// all interfaces do. Otherwise only the interface that asks is looked at, since each of the others has an ADD of its own.
///
/// What is outdated is released before the workload is served anew.
public struct OutdatedPools: Sendable, Hashable {
    /// An address that is given back.
    public struct Release: Sendable, Hashable {
        /// The address.
        public let held: HeldAddress
        /// Why.
        public let reason: Reason
    }

    /// Why an address is given back.
    public enum Reason: Sendable, Hashable {
        /// Nobody names the pool for the interface any more; who decides instead.
        case notNamed(pool: String, by: PoolOrigin)
        /// The pool does not accept the workload any more.
        case refused(PoolRefusal)
        /// The pool does not hand out the address any more: it is reserved, excluded, or not in its ranges.
        case withheld(IPAddress, pool: String)
        /// It goes together with another one.
        case together(with: HeldAddress)
    }

    /// What stays, in the order given.
    public let kept: [HeldAddress]
    /// What has to be released, in the order given.
    public let released: [Release]

    /// Compares.
    ///
    /// - Parameters:
    ///   - held: What the workload holds.
    ///   - plan: What it asks for now.
    ///   - facts: What is known about it and its interface that asks.
    ///   - pools: The pools: those held, and what patterns and default pools are looked up in.
    ///   - reserved: The reserved addresses of both families.
    /// - Throws: ``PoolSelectionError`` when a list that matters is malformed.
    public init(
        _ held: [HeldAddress], plan: PoolPlan, facts: SelectionFacts, pools: [SpiderIPPool],
        reserved: AddressSet = .empty
    ) throws(PoolSelectionError) {
        let asking = plan.request.interface
        let concerned = held.filter { plan.mode == .unnamed || $0.interface == asking }
        let names = try Self.names(plan, pools)
        let unnamed = concerned.filter { names[$0.interface]?[$0.address.family]?.contains($0.pool) != true }
        func reason(_ entry: HeldAddress) -> Reason? {
            if unnamed.contains(entry) { return .notNamed(pool: entry.pool, by: plan.origin) }
            if let first = unnamed.first(where: { plan.mode == .unnamed || $0.interface == entry.interface }) {
                return .together(with: first)
            }
            return entry.interface == asking ? Self.objection(to: entry, facts, pools, reserved) : nil
        }
        var kept: [HeldAddress] = []
        var released: [Release] = []
        for entry in held {
            if concerned.contains(entry), let reason = reason(entry) {
                released.append(Release(held: entry, reason: reason))
            } else {
                kept.append(entry)
            }
        }
        self.kept = kept
        self.released = released
    }

    /// The names of the pools that each interface asks for, as far as they matter.
    private static func names(
        _ plan: PoolPlan, _ pools: [SpiderIPPool]
    ) throws(PoolSelectionError) -> [String: [AddressFamily: Set<String>]] {
        var names: [String: [AddressFamily: Set<String>]] = [:]
        for request in plan.requests where plan.mode == .unnamed || request.interface == plan.request.interface {
            for family in request.families {
                let list = try PoolList(request, family: family, pools: pools)
                names[request.interface, default: [:]][family] = Set(list.entries.map(\.name))
            }
        }
        return names
    }

    /// Why a pool that is named would not hand out the address to the workload today.
    private static func objection(
        to held: HeldAddress, _ facts: SelectionFacts, _ pools: [SpiderIPPool], _ reserved: AddressSet
    ) -> Reason? {
        guard let pool = pools.first(where: { $0.name == held.pool }) else {
            return .refused(PoolRefusal(pool: held.pool, cause: .missing))
        }
        if let cause = pool.refusal(family: held.address.family, interface: held.interface, facts: facts) {
            return .refused(PoolRefusal(pool: held.pool, cause: cause))
        }
        guard let meaning = try? ResolvedPool(pool),
            !meaning.addresses.contains(held.address) || reserved.contains(held.address)
        else { return nil }
        return .withheld(held.address, pool: held.pool)
    }
}

extension OutdatedPools.Reason: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .notNamed(let pool, .clusterDefault): "IPPool \(pool) is no default pool any more"
        case .notNamed(let pool, let origin): "IPPool \(pool) is not named any more by \(origin)"
        case .refused(let refusal): "\(refusal)"
        case .withheld(let address, let pool): "IPPool \(pool) does not hand out \(address) any more"
        case .together(let other): "it goes together with \(other.address) of \(other.interface)"
        }
    }
}
