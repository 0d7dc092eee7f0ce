internal import IPAMCore
internal import NetlinkKit

extension CoordinationPlanner {
    /// Who the node's addresses are (coordinator.md 7.8).
    mutating func planPodNeighbors() throws(CoordinationError) {
        guard !nodeAddresses.isEmpty else {
            throw CoordinationError(
                .missing, "the node has no address that the Pod could reach",
                detail: "the interface has \(placement.addresses.map(\.description).joined(separator: ", ")); "
                    + "the node needs an address of that family on a link that is not for containers")
        }
        if nodeAddresses.count > 64 {
            warn("the node has \(nodeAddresses.count) addresses: each costs the Pod two routes and a neighbour")
        }
        for family in placement.families where gateways[family] == nil {
            warn("the node has no \(family) address: Services and the node are not reached over \(family)")
        }
        for address in nodeAddresses {
            let wanted = Neighbor(address, on: nodeFacing.index, hardwareAddress: podFacing.address)
            if !pod.neighbors.contains(where: { $0.says(wanted) }) { ask(.setNeighbor(.pod, wanted)) }
        }
    }

    /// Routes to the node's own addresses (7.9).
    mutating func planNodeRoutes(_ family: AddressFamily, in table: RouteTable) {
        for address in nodeAddresses where address.family == family {
            var route = Route(to: CIDR(address), path: .hop(NextHop(link: nodeFacing.index)), table: table)
            route.preferredSource = preferredSource(family)
            ensure(route)
        }
    }

    /// Routes to what is reached through the node (7.11).
    mutating func planRedirectedRoutes(_ family: AddressFamily, in table: RouteTable) {
        guard let gateway = gateways[family] else { return }
        for prefix in settings.redirectedCIDRs where prefix.family == family {
            var route = Route(
                to: prefix, path: .hop(NextHop(link: nodeFacing.index, gateway: gateway)), table: table)
            if family == .ipv4 { route.preferredSource = preferredSource(family) }
            ensure(route)
        }
    }

    /// What answers packets that came in by the auxiliary link goes back by it (7.12).
    mutating func planReplies() {
        guard placement.isUnderlay else { return }
        var unmarked: [AddressFamily] = []
        for family in placement.families {
            guard let gateway = gateways[family] else { continue }
            var route = Route(
                to: CIDR.everything(in: family), path: .hop(NextHop(link: nodeFacing.index, gateway: gateway)),
                table: Numbers.replyTable)
            if family == .ipv4 { route.preferredSource = preferredSource(family) }
            ensure(route)
            var rule = Rule(family, priority: Numbers.rulePriority, table: Numbers.replyTable)
            rule.mark = Numbers.replyMark
            ensure(rule)
            if !pod.markedFamilies.contains(family) { unmarked.append(family) }
        }
        if !unmarked.isEmpty { ask(.mark(unmarked)) }
    }

    /// Routes that an administrator wants on the interface (7.14).
    ///
    /// - Parameter table: The table of the interface, by family.
    mutating func planPolicyRoutes(in table: (AddressFamily) -> RouteTable) {
        for wanted in settings.policyRoutes where placement.families.contains(wanted.destination.family) {
            let hop = NextHop(link: placement.link.index, gateway: wanted.gateway)
            ensure(Route(to: wanted.destination, path: .hop(hop), table: table(wanted.destination.family)))
        }
    }

    /// The source of what the Pod sends to the node: the first address of its first interface.
    private func preferredSource(_ family: AddressFamily) -> IPAddress? {
        guard let first = pod.link(named: settings.firstInterface) else { return nil }
        return pod.usableAddresses(of: first.index).first { $0.family == family }
    }

    /// Asks for a route unless it is there. One of ours with another next hop gives way, one of somebody else stays.
    mutating func ensure(_ route: Route) {
        guard let position = routes.firstIndex(where: { $0.isSameEntry(as: route) }) else {
            ask(.addRoute(.pod, route))
            routes.append(route)
            return
        }
        // Kernels that do not take the source of another link get the route without (`withoutSource`).
        if routes.contains(where: { $0.isEquivalent(to: route) || $0.isEquivalent(to: route.withoutSource) }) { return }
        let present = routes[position]
        guard present.nextHops.allSatisfy({ $0.link == nodeFacing.index || $0.link == route.nextHops.first?.link })
        else {
            let name = { (link: LinkIndex) in pod.links.first { $0.index == link }?.name ?? "\(link)" }
            warn("there is a route \(present.description(naming: name)) already, it stays as it is")
            return
        }
        ask(.replaceRoute(.pod, route))
        routes[position] = route
    }

    /// Asks for a rule unless it is there.
    mutating func ensure(_ rule: Rule) {
        guard !rules.contains(where: { $0.isEquivalent(to: rule) }) else { return }
        ask(.addRule(.pod, rule))
        rules.append(rule)
    }

    /// Takes rules away.
    mutating func dropRules(where isStale: (Rule) -> Bool) {
        for rule in rules where isStale(rule) { ask(.removeRule(.pod, rule)) }
        rules.removeAll(where: isStale)
    }

    /// Takes routes away.
    mutating func dropRoutes(where isStale: (Route) -> Bool) {
        for route in routes where isStale(route) { ask(.removeRoute(.pod, route)) }
        routes.removeAll(where: isStale)
    }
}

extension Route {
    /// For IPv6, the same route with a source that the kernel chooses; of IPv4, the same.
    var withoutSource: Route {
        guard family == .ipv6 else { return self }
        var route = self
        route.preferredSource = nil
        return route
    }
}
