public import IPAMCore

/// What a pool's specification means: prefixes, sets and addresses instead of texts.
///
/// ```swift
/// let pool = try ResolvedPool(SpiderIPPool(named: "rack-a", subnet: "10.6.0.0/16", ips: ["10.6.0.10-10.6.0.19"]))
/// pool.totalCount  // 10
/// ```
public struct ResolvedPool: Sendable, Hashable {
    /// The pool's name.
    public let name: String
    /// The subnet, whose prefix length every address gets.
    public let subnet: CIDR
    /// The addresses of `ips` without those of `excludeIPs`.
    public let addresses: AddressSet
    /// The default gateway.
    public let gateway: IPAddress?
    /// The further routes, in the order of the manifest.
    public let routes: [PoolRoute]

    /// Reads a specification.
    ///
    /// - Throws: ``InvalidResource`` when something in it cannot be read or contradicts itself, which admission would
    ///   have refused.
    public init(_ pool: SpiderIPPool) throws(InvalidResource) {
        var check = PoolCheck(pool)
        check.checkVersion()
        check.checkSubnet()
        check.checkRanges()
        check.checkGateway()
        check.checkRoutes()
        guard let subnet = check.subnet, check.errors.isEmpty else {
            throw InvalidResource(kind: SpiderIPPool.kind.name, name: pool.name, errors: check.errors)
        }
        name = pool.name
        self.subnet = subnet
        addresses = check.addresses
        gateway = check.gateway
        routes = check.routes
    }

    /// The family.
    public var family: AddressFamily { subnet.family }

    /// Number of ``addresses``, reserved ones included; at most `Int64.max`.
    public var totalCount: Int64 { Int64(clamping: addresses.count) }

    /// The addresses that can be handed out: without those that are reserved.
    ///
    /// - Complexity: O(n + m) in the number of ranges.
    public func addresses(without reserved: AddressSet) -> AddressSet { addresses.subtracting(reserved) }

    /// The routes of an interface that gets an address of the pool: those of the pool, then the default route.
    ///
    /// Of several routes to one destination the first stays. A clean gateway is one that is known but not routed to.
    public func routes(cleanGateway: Bool) -> [PoolRoute] {
        var candidates = routes
        if let gateway, !cleanGateway {
            candidates.append(PoolRoute(destination: .everything(in: family), gateway: gateway))
        }
        var seen: Set<CIDR> = []
        return candidates.filter { seen.insert($0.destination).inserted }
    }
}
