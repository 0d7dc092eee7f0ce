internal import IPAMCore

extension Route {
    /// Whether both send the same packets the same way: destination, table, priority, next hops, preferred source and
    /// metrics are equal. Who made them, how long they live, and whether their links have a carrier does not matter, and
    /// what the kernel fills in by itself (the priority of IPv6, a medium preference) counts as given.
    ///
    /// - Parameter other: The other route, which may have been read where this one was made.
    /// - Returns: Whether adding one where the other is would change nothing.
    public func isEquivalent(to other: Route) -> Bool { normalized == other.normalized }

    /// Whether the kernel takes both for the same entry of a table: the same destination, type of service and priority.
    ///
    /// - Parameter other: The other route.
    /// - Returns: Whether one would replace the other.
    public func isSameEntry(as other: Route) -> Bool {
        destination == other.destination && source == other.source && table == other.table
            && typeOfService == other.typeOfService && effectivePriority == other.effectivePriority
    }

    /// The priority that counts: what is given, or what the kernel takes instead.
    public var effectivePriority: UInt32 {
        guard family == .ipv6 else { return priority ?? 0 }
        // IP6_RT_PRIO_USER stands in for both nothing and 0.
        return priority.flatMap { $0 == 0 ? nil : $0 } ?? 1024
    }

    /// The same route with links put in the place of others.
    ///
    /// - Parameter place: The link that is used instead of one.
    /// - Returns: A route with the same next hops on other links.
    public func replacingLinks(_ place: (LinkIndex) -> LinkIndex) -> Route {
        var route = self
        func replaced(_ hop: NextHop) -> NextHop {
            var hop = hop
            hop.link = hop.link.map(place)
            return hop
        }
        switch path {
        case .none, .object: break
        case .hop(let hop): route.path = .hop(replaced(hop))
        case .hops(let hops): route.path = .hops(hops.map(replaced))
        }
        return route
    }

    private var normalized: Route {
        var route = self
        route.priority = effectivePriority
        route.origin = .unspecified
        route.expiry = nil
        if family == .ipv6 { route.scope = .universe }
        // Medium is what a route has that was not told otherwise (RFC 4191).
        route.others.removeAll { $0.type == RTA.preference && $0.bytes == [0] }
        switch path {
        case .hop(let hop): route.path = .hops([hop.alive])
        case .hops(let hops): route.path = .hops(hops.map(\.alive))
        case .none, .object: break
        }
        return route
    }
}
