internal import IPAMCore
internal import NetlinkKit

/// Several interfaces, one default route: each of the others has a table of its own, which packets from its addresses use
/// (coordinator.md 7.13, the declarative form).
extension CoordinationPlanner {
    /// Plans the routes of one family in table main and in the tables of interfaces.
    mutating func planTables(_ family: AddressFamily) throws(CoordinationError) {
        let present = placement.link.index
        // The family may be one that no earlier interface had.
        planNodeRoutes(family, in: .main)
        planRedirectedRoutes(family, in: .main)
        guard !(placement.isUnderlay && placement.isFirst) else { return }
        guard settings.movesDefaultRoutes else {
            planTable(of: present, family)
            return
        }
        let candidates = interfacesWithDefault(family)
        guard candidates.contains(where: { $0 != present }) else { return }
        let owner = try defaultOwner(family, candidates)
        let separate = AddressFamily.interfaces(candidates + [present]).filter { $0 != owner }
        for link in separate { planTable(of: link, family) }
        restoreDefault(of: owner, family)
        for link in separate { planSource(of: link, family) }
        planOverlayReplies(owner, family)
        for link in separate { removeDefault(of: link, family) }
        dropTable(of: owner, family)
    }

    /// The interfaces with a default route, in table main or in their own, in the order in which they were made.
    func interfacesWithDefault(_ family: AddressFamily) -> [LinkIndex] {
        let defaults = routes.filter { $0.family == family && $0.destination.isDefault && $0.kind == .unicast }
        return pod.links.filter { link in
            guard link.name != "lo", !(placement.isUnderlay && link.index == nodeFacing.index) else { return false }
            return defaults.contains { route in
                (route.table == .main || route.table == tables[link.index])
                    && route.nextHops.contains { $0.link == link.index }
            }
        }.map(\.index)
    }

    /// The interface that has the default route of table main afterwards.
    private func defaultOwner(
        _ family: AddressFamily, _ candidates: [LinkIndex]
    ) throws(CoordinationError) -> LinkIndex {
        if let name = settings.defaultRouteInterface {
            if let link = pod.link(named: name) {
                if candidates.contains(link.index) { return link.index }
            } else if settings.expectedInterfaces?.contains(name) != true {
                throw CoordinationError(
                    .settings, "podDefaultRouteNIC: \(name) don't exist in pod",
                    detail: "podDefaultRouteNic names the interface that keeps the default route; the Pod has "
                        + pod.links.map(\.name).filter { $0 != "lo" }.joined(separator: ", "))
            }
        }
        let present = placement.link.index
        let inMain = candidates.filter { link in
            routes.contains { $0.isDefault(family, in: .main) && $0.nextHops.contains { $0.link == link } }
        }
        return inMain.first { $0 != present } ?? inMain.first ?? candidates.first { $0 != present } ?? present
    }

    /// The routes that an interface needs in its own table: its part of table main, and the way to the node.
    private mutating func planTable(of link: LinkIndex, _ family: AddressFamily) {
        let table = table(for: link)
        planNodeRoutes(family, in: table)
        if settings.movesDefaultRoutes {
            let copies = routes.filter { $0.family == family && $0.table == .main && $0.isCopied }
                .compactMap { $0.part(on: link) }
            // A gateway has to be a neighbour before a route by it is taken.
            let ordered = copies.filter { !$0.hasGateway } + copies.filter(\.hasGateway)
            for copy in ordered { ensureCopy(copy.moved(to: table)) }
        }
        if link != firstOverlay { planRedirectedRoutes(family, in: table) }
    }

    /// Asks for a copy of a route unless it is there; the original decides what it looks like.
    private mutating func ensureCopy(_ copy: Route) {
        guard !routes.contains(where: { $0.isEquivalent(to: copy) }) else { return }
        if let position = routes.firstIndex(where: { $0.isSameEntry(as: copy) }) {
            ask(.replaceRoute(.pod, copy))
            routes[position] = copy
        } else {
            ask(.addRoute(.pod, copy))
            routes.append(copy)
        }
    }

    /// Packets from the addresses of an interface use its table.
    private mutating func planSource(of link: LinkIndex, _ family: AddressFamily) {
        guard let table = tables[link] else { return }
        let sources = pod.usableAddresses(of: link).filter { $0.family == family }.map { CIDR($0) }
        for source in sources {
            var rule = Rule(family, priority: Numbers.priority(of: table), table: table)
            rule.source = source
            ensure(rule)
        }
        let priority = Numbers.priority(of: table)
        dropRules { rule in
            rule.isSourceRule(of: sources) && rule.table != Numbers.replyTable
                && (rule.table != table || rule.priority != priority)
        }
    }

    /// What answers by the first interface of an overlay Pod stays on it while it has the default route.
    private mutating func planOverlayReplies(_ owner: LinkIndex, _ family: AddressFamily) {
        guard !placement.isUnderlay else { return }
        let sources = pod.usableAddresses(of: nodeFacing.index).filter { $0.family == family }.map { CIDR($0) }
        let table = Numbers.replyTable
        guard owner == nodeFacing.index else {
            dropRules { $0.table == table && $0.isSourceRule(of: sources) }
            dropRoutes { $0.family == family && $0.table == table }
            return
        }
        // The gateway may be a neighbour only by a route of table main, where the kernel finds it.
        let defaults = routes.filter { $0.isDefault(family, in: .main) }.compactMap { $0.part(on: owner) }
        for route in defaults { ensureCopy(route.moved(to: table)) }
        for source in sources {
            var rule = Rule(family, priority: Numbers.priority(of: table), table: table)
            rule.source = source
            ensure(rule)
        }
        dropRules {
            $0.table == table && $0.isSourceRule(of: sources) && $0.priority != Numbers.priority(of: table)
        }
    }

    /// Puts the default route of an interface back into table main, before those of others.
    private mutating func restoreDefault(of link: LinkIndex, _ family: AddressFamily) {
        let isThere = routes.contains { $0.isDefault(family, in: .main) && $0.part(on: link) != nil }
        guard !isThere, let table = tables[link] else { return }
        for route in routes.filter({ $0.isDefault(family, in: table) }).compactMap({ $0.part(on: link) }) {
            let restored = route.moved(to: .main)
            ask(.prependRoute(restored))
            routes.insert(restored, at: 0)
        }
    }

    /// Takes the default route of an interface out of table main, once it is in its own.
    private mutating func removeDefault(of link: LinkIndex, _ family: AddressFamily) {
        for route in routes where route.isDefault(family, in: .main) {
            guard let part = route.part(on: link) else { continue }
            routes.removeAll { $0 == route }
            if let rest = route.part(notOn: link) {
                routes.append(rest)
                // The kernel takes single next hops out of a route of IPv6 only.
                if family == .ipv6 {
                    ask(.removeRoute(.pod, part))
                } else {
                    ask(.prependRoute(rest))
                    ask(.removeRoute(.pod, route))
                }
            } else {
                ask(.removeRoute(.pod, route))
            }
        }
    }

    /// The owner of the default route needs no table of its own.
    private mutating func dropTable(of link: LinkIndex, _ family: AddressFamily) {
        let sources = pod.usableAddresses(of: link).filter { $0.family == family }.map { CIDR($0) }
        dropRules { $0.isSourceRule(of: sources) && $0.table.rawValue >= Numbers.firstInterfaceTable }
        guard let table = tables[link] else { return }
        dropRoutes { $0.family == family && $0.table == table }
    }

    /// The table of an interface; a new one is written into its alias before anything is put into it.
    mutating func table(for link: LinkIndex) -> RouteTable {
        if let table = tables[link] { return table }
        let taken = Set(rules.map(\.table)).union(tables.values)
            .union(routes.filter { !$0.isOnly(on: nodeFacing.index) }.map(\.table))
        var number = Numbers.firstInterfaceTable
        // 253 to 255 are the kernel's own.
        while taken.contains(RouteTable(rawValue: number)) || 253...255 ~= number { number += 1 }
        let table = RouteTable(rawValue: number)
        tables[link] = table
        mark(link)
        return table
    }

    /// Writes down what has to be known of an interface, unless its alias is somebody else's.
    mutating func mark(_ index: LinkIndex) {
        guard let link = pod.links.first(where: { $0.index == index }),
            link.alias.isEmpty || LinkMark(alias: link.alias) != nil
        else { return }
        let alias = LinkMark.interface(table: tables[index], isFirst: firstOverlay == index).alias
        if alias != link.alias { ask(.setLink(.pod, index, LinkSettings(alias: alias))) }
    }
}

extension AddressFamily {
    /// Links without repetition, in the order in which they were made.
    fileprivate static func interfaces(_ links: [LinkIndex]) -> [LinkIndex] { Set(links).sorted() }
}

extension Rule {
    /// Whether the rule is for packets from one of the addresses and leads to a table of ours.
    func isSourceRule(of sources: [CIDR]) -> Bool {
        guard action == .lookUp, table.rawValue >= Numbers.replyTable.rawValue, table != .main, table != .local,
            table != .default, let source
        else { return false }
        return sources.contains(source)
    }
}

extension Route {
    /// Whether it is the default route, or one of them, of a family in a table.
    func isDefault(_ family: AddressFamily, in table: RouteTable) -> Bool {
        self.family == family && self.table == table && destination.isDefault && kind == .unicast
    }

    /// Whether the tables of interfaces have it too: link-local prefixes are the kernel's own affair on each link.
    var isCopied: Bool {
        guard kind == .unicast else { return false }
        return family == .ipv4 || !(destination.network.isLinkLocal || destination.network.isMulticast)
    }

    /// Whether one of its next hops has a gateway.
    var hasGateway: Bool { nextHops.contains { $0.gateway != nil } }

    /// What of it leaves by a link; `nil` when nothing does.
    func part(on link: LinkIndex) -> Route? { part { $0.link == link } }

    /// What of it leaves by other links; `nil` when nothing does.
    func part(notOn link: LinkIndex) -> Route? { part { $0.link != link } }

    private func part(_ isWanted: (NextHop) -> Bool) -> Route? {
        let hops = nextHops.filter(isWanted)
        guard !hops.isEmpty else { return nil }
        var route = self
        if hops.count < nextHops.count { route.path = hops.count == 1 ? .hop(hops[0]) : .hops(hops) }
        return route
    }

    /// The same route in another table, for as long as the link is there.
    func moved(to table: RouteTable) -> Route {
        var route = self
        route.table = table
        route.expiry = nil
        return route
    }
}
