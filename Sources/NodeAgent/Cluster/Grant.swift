internal import IPAMCore
internal import IPAMEngine
internal import PoolModel

/// What an interface gets: claims together with what their pools say about gateways and routes.
struct Grant: Sendable {
    let element: EndpointElement
    private let interface: String
    private let routes: [PoolRoute]

    /// Puts it together, IPv4 before IPv6.
    ///
    /// - Throws: ``AgentRefusal`` when the pool of a claim is not known.
    init(
        _ claims: [Claim], _ outcome: AllocationOutcome, customRoutes: [PoolRoute], interface: String
    ) throws(AgentRefusal) {
        self.interface = interface
        let isClean = outcome.plan?.request.cleanGateway ?? false
        var addresses: [EndpointElement.Address] = []
        var routed: [RoutePlan.Address] = []
        for claim in claims.sorted(by: { $0.address.family < $1.address.family }) {
            guard let pool = outcome.prepared?.pools[claim.pool] else {
                throw AgentRefusal("IPPool \(claim.pool) of \(claim.address) is not known")
            }
            addresses.append(
                EndpointElement.Address(
                    address: claim.address, prefixLength: Int(pool.subnet.prefixLength), pool: claim.pool,
                    gateway: pool.gateway))
            routed.append(RoutePlan.Address(interface: interface, pool: pool, cleanGateway: isClean))
        }
        let routes = RoutePlan(routed, custom: customRoutes).interfaces.flatMap(\.routes)
        self.routes = routes
        // The default routes follow from the gateways and are not written down.
        let implied = Set(
            addresses.compactMap(\.gateway).map { PoolRoute(destination: .everything(in: $0.family), gateway: $0) })
        element = EndpointElement(
            interface: interface, addresses: addresses, routes: routes.filter { !implied.contains($0) },
            cleanGateway: isClean)
    }

    /// The answer to the plugin.
    func reply(detectsConflict: Bool, detectsGateway: Bool) -> AddReply {
        let addresses = element.addresses.map { entry in
            var given = GivenAddress(
                entry.address, prefixLength: entry.prefixLength, interface: interface, pool: entry.pool,
                gateway: entry.gateway)
            given.detectsConflict = detectsConflict
            given.detectsGateway = detectsGateway && entry.gateway != nil
            return given
        }
        let routes = routes.map {
            GivenRoute(interface: interface, destination: $0.destination, gateway: $0.gateway)
        }
        return AddReply(addresses, routes: routes)
    }
}
