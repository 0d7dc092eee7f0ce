public import IPAMCore

/// The routes of a Pod's interfaces: those of the pools, those that the Pod adds, and the default routes.
///
/// A route that the Pod adds belongs to the first interface with a subnet that contains its next hop. Of several routes
/// of an interface to one destination the Pod's stays before the pool's, and the pool's before the default route.
public struct RoutePlan: Sendable, Hashable {
    /// An address that an interface gets, with what its pool says about routes.
    public struct Address: Sendable, Hashable {
        /// The interface.
        public let interface: String
        /// The subnet of the address.
        public let subnet: CIDR
        /// The next hop of the default route; `nil` for none, and for a gateway that is to stay clean.
        public let gateway: IPAddress?
        /// The pool's routes.
        public let routes: [PoolRoute]

        /// Makes an entry.
        public init(interface: String, subnet: CIDR, gateway: IPAddress? = nil, routes: [PoolRoute] = []) {
            self.interface = interface
            self.subnet = subnet
            self.gateway = gateway
            self.routes = routes
        }

        /// Makes an entry for an address of a pool.
        public init(interface: String, pool: ResolvedPool, cleanGateway: Bool) {
            self.init(
                interface: interface, subnet: pool.subnet, gateway: cleanGateway ? nil : pool.gateway,
                routes: pool.routes)
        }
    }

    /// The routes of one interface.
    public struct Interface: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its routes, each destination once: the pools', the Pod's, the default routes, IPv4 first.
        public let routes: [PoolRoute]
    }

    /// A choice between interfaces, worth a line in a log.
    public struct Contest: Sendable, Hashable {
        /// The route that the Pod adds.
        public let route: PoolRoute
        /// The interface that got it.
        public let chosen: String
        /// The others whose subnet contains the next hop.
        public let others: [String]
    }

    /// The interfaces, in the order of their first address.
    public let interfaces: [Interface]
    /// Routes that the Pod adds and whose next hop is in no subnet. When each interface is served by a call of its own,
    /// that is the normal case.
    public let unmatched: [PoolRoute]
    /// Routes that more than one interface could have got.
    public let contests: [Contest]

    /// Makes the plan.
    ///
    /// - Parameters:
    ///   - addresses: The addresses, in the order of the interfaces: `eth0` first.
    ///   - custom: The routes that the Pod adds, ``PodAnnotations/routes()``.
    public init(_ addresses: [Address], custom: [PoolRoute]) {
        var names: [String] = []
        for address in addresses where !names.contains(address.interface) { names.append(address.interface) }
        var attached: [String: [PoolRoute]] = [:]
        var unmatched: [PoolRoute] = []
        var contests: [Contest] = []
        for route in custom {
            let fitting = names.filter { name in
                addresses.contains { $0.interface == name && $0.subnet.contains(route.gateway) }
            }
            guard let chosen = fitting.first else {
                unmatched.append(route)
                continue
            }
            attached[chosen, default: []].append(route)
            if fitting.count > 1 {
                contests.append(Contest(route: route, chosen: chosen, others: Array(fitting.dropFirst())))
            }
        }
        self.unmatched = unmatched
        self.contests = contests
        interfaces = names.map { name in
            Interface(
                name: name,
                routes: Self.merged(addresses.filter { $0.interface == name }, custom: attached[name] ?? []))
        }
    }

    private static func merged(_ addresses: [Address], custom: [PoolRoute]) -> [PoolRoute] {
        let defaults = addresses.compactMap { address in
            address.gateway.map { PoolRoute(destination: .everything(in: $0.family), gateway: $0) }
        }.sorted { $0.destination < $1.destination }
        var taken = Set(custom.map(\.destination))
        let pooled = addresses.flatMap(\.routes).filter { taken.insert($0.destination).inserted }
        let implied = defaults.filter { taken.insert($0.destination).inserted }
        var seen: Set<CIDR> = []
        return pooled + custom.filter { seen.insert($0.destination).inserted } + implied
    }
}
