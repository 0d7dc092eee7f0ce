internal import IPAMCore
internal import NetlinkKit

/// Computes what has to be taken away when an interface goes (coordinator.md 10.1).
struct RemovalPlanner {
    let subject: CoordinationSubject
    let firstInterface: InterfaceName
    let nodeTable: RouteTable?
    /// What there is in the Pod; `nil` when its namespace is gone.
    let pod: PodState?
    let node: NodeState
    /// The addresses of the interface.
    let addresses: [IPAddress]
    var routes: [Route]
    var plan = CoordinationPlan()

    init(
        _ subject: CoordinationSubject, firstInterface: InterfaceName, nodeTable: RouteTable?, pod: PodState?,
        node: NodeState, addresses: [IPAddress]
    ) {
        self.subject = subject
        self.firstInterface = firstInterface
        self.nodeTable = nodeTable
        self.pod = pod
        self.node = node
        self.addresses = addresses
        routes = pod?.routes ?? []
        plan.names[.pod] = Dictionary(
            pod?.links.map { ($0.index, $0.name) } ?? [], uniquingKeysWith: { first, _ in first })
        plan.names[.node] = Dictionary(
            [node.namedLink, node.peer].compactMap { $0.map { ($0.index, $0.name) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Plans the removal.
    mutating func planRemoval() {
        planLegacyRules()
        guard let pod else {
            removePair()
            // An overlay Pod's link is another plugin's, and may live on with whoever holds the namespace.
            if let outer = node.peer, !outer.hasName(of: subject) { planNode(outer, nil) }
            return
        }
        let auxiliary = pod.links.first { $0.name == CoordinationPlacement.auxiliaryName }
        let others = pod.links.filter { link in
            link.name != "lo" && link.name != CoordinationPlacement.auxiliaryName
                && link.name != subject.interface.text && !pod.usableAddresses(of: link.index).isEmpty
        }
        if auxiliary != nil || node.namedLink != nil,
            subject.interface == firstInterface || others.isEmpty
        {
            removePair()
            return
        }
        if let inner = auxiliary ?? pod.link(named: firstInterface), let outer = node.peer { planNode(outer, inner) }
        planPod(pod, isUnderlay: auxiliary != nil, staying: others.filter { $0.name != firstInterface.text })
    }

    /// Removes the node's end of the pair, and with it the other end and every route and neighbour on both.
    private mutating func removePair() {
        let ours = [node.peer, node.namedLink].compactMap { $0 }.first { link in
            // What the Pod's end leads to needs no alias: the call that made it may have ended before it wrote one.
            link.kind == .veth && link.hasName(of: subject)
                && (link.isPair(of: subject) || (link.alias.isEmpty && link.index == node.peer?.index && pod != nil))
        }
        if let ours { plan.operations.append(.removeLink(.node, ours.index)) }
    }

    /// The tables of the node that may have routes to the Pod.
    private var nodeTables: [RouteTable] {
        var tables = [nodeTable ?? CoordinatorSettings.defaultNodeTable]
        for rule in node.rules
        where rule.isEquivalent(to: Rule(rule.family, priority: Numbers.rulePriority, table: rule.table))
            && !tables.contains(rule.table)
        {
            tables.append(rule.table)
        }
        return tables
    }

    /// Rules that older releases made for each address.
    private mutating func planLegacyRules() {
        let tables = nodeTables
        for rule in node.rules where tables.contains(rule.table) && rule.source == nil {
            guard let destination = rule.destination, destination.prefixLength == rule.family.bitWidth,
                addresses.contains(destination.network)
            else { continue }
            plan.operations.append(.removeRule(.node, rule))
        }
    }

    /// The node's routes and neighbours of an interface whose way to the node stays.
    private mutating func planNode(_ outer: Link, _ inner: Link?) {
        for address in addresses {
            for table in nodeTables {
                let hop = NextHop(link: outer.index)
                plan.operations.append(.removeRoute(.node, Route(to: CIDR(address), path: .hop(hop), table: table)))
            }
            plan.operations.append(
                .removeNeighbor(.node, Neighbor(address, on: outer.index, hardwareAddress: inner?.address)))
        }
    }

    /// The Pod's rules, tables and default route.
    ///
    /// - Parameters:
    ///   - pod: What there is in the Pod.
    ///   - isUnderlay: Whether there is an auxiliary pair.
    ///   - staying: The interfaces that stay, other than the first.
    private mutating func planPod(_ pod: PodState, isUnderlay: Bool, staying: [Link]) {
        let own = addresses.map { CIDR($0) }
        guard let link = pod.link(named: subject.interface) else {
            dropRules(pod) { $0.isSourceRule(of: own) && $0.table != Numbers.replyTable }
            return
        }
        let tables = pod.interfaceTables
        for family in AddressFamily.both { planDefault(pod, of: link.index, family, tables, isUnderlay) }
        dropRules(pod) { $0.isSourceRule(of: own) && $0.table != Numbers.replyTable }
        if let table = tables[link.index] { dropRoutes { $0.table == table } }
        if !isUnderlay, staying.isEmpty, let first = pod.link(named: firstInterface) {
            planOverlayEnd(pod, first)
        } else if link.mark.isFirst, let next = staying.first, next.alias.isEmpty || LinkMark(alias: next.alias) != nil
        {
            let mark = LinkMark.interface(table: tables[next.index], isFirst: true)
            plan.operations.append(.setLink(.pod, next.index, LinkSettings(alias: mark.alias)))
        }
        // Whoever uses the interface again begins anew.
        if LinkMark(alias: link.alias) != nil {
            plan.operations.append(.setLink(.pod, link.index, LinkSettings(alias: "")))
        }
    }

    /// Gives the default route of table main to another interface when the one that goes has it.
    private mutating func planDefault(
        _ pod: PodState, of link: LinkIndex, _ family: AddressFamily, _ tables: [LinkIndex: RouteTable],
        _ isUnderlay: Bool
    ) {
        let owned = routes.filter { $0.isDefault(family, in: .main) && $0.part(on: link) != nil }
        guard !owned.isEmpty else { return }
        let candidates = pod.links.filter { candidate in
            candidate.index != link
                && routes.contains { route in
                    tables[candidate.index].map { route.isDefault(family, in: $0) } ?? false
                        && route.part(on: candidate.index) != nil
                }
        }
        guard let heir = candidates.first(where: { $0.name == firstInterface.text }) ?? candidates.first,
            let table = tables[heir.index]
        else { return }
        let sources = pod.usableAddresses(of: heir.index).map { CIDR($0) }
        for route in routes.filter({ $0.isDefault(family, in: table) }).compactMap({ $0.part(on: heir.index) }) {
            plan.operations.append(.prependRoute(route.moved(to: .main)))
            guard !isUnderlay, heir.name == firstInterface.text else { continue }
            plan.operations.append(.addRoute(.pod, route.moved(to: Numbers.replyTable)))
            for source in sources where source.family == family {
                var rule = Rule(family, priority: Numbers.priority(of: Numbers.replyTable), table: Numbers.replyTable)
                rule.source = source
                plan.operations.append(.addRule(.pod, rule))
            }
        }
        for route in owned {
            guard let part = route.part(on: link) else { continue }
            plan.operations.append(.removeRoute(.pod, part))
        }
        dropRules(pod) { $0.family == family && $0.isSourceRule(of: sources) && $0.table == table }
        dropRoutes { $0.family == family && $0.table == table }
    }

    /// Leaves the first interface of an overlay Pod as the network made it that it belongs to.
    private mutating func planOverlayEnd(_ pod: PodState, _ first: Link) {
        let known = Set(node.addresses).union(node.loopbackAddresses)
        let sources = pod.usableAddresses(of: first.index).map { CIDR($0) }
        plan.operations.removeAll { operation in
            switch operation {
            case .addRoute(.pod, let route): route.table == Numbers.replyTable
            case .addRule(.pod, let rule): rule.table == Numbers.replyTable
            default: false
            }
        }
        let own = pod.interfaceTables[first.index]
        dropRules(pod) { $0.isSourceRule(of: sources) }
        dropRoutes { $0.table == Numbers.replyTable || $0.table == own }
        if LinkMark(alias: first.alias) != nil {
            plan.operations.append(.setLink(.pod, first.index, LinkSettings(alias: "")))
        }
        dropRoutes { route in
            guard route.table == .main, route.origin == .boot, route.isOnly(on: first.index) else { return false }
            if let gateway = route.nextHops[0].gateway {
                return known.contains(gateway) && !route.destination.isDefault
            }
            return route.isHostRoute && known.contains(route.destination.network)
        }
        for neighbor in pod.neighbors
        where neighbor.link == first.index && neighbor.state == .permanent && known.contains(neighbor.address) {
            plan.operations.append(.removeNeighbor(.pod, neighbor))
        }
    }

    private mutating func dropRules(_ pod: PodState, where isStale: (Rule) -> Bool) {
        for rule in pod.rules where isStale(rule) && !plan.operations.contains(.removeRule(.pod, rule)) {
            plan.operations.append(.removeRule(.pod, rule))
        }
    }

    private mutating func dropRoutes(where isStale: (Route) -> Bool) {
        // Routes by a gateway go before the one that leads to it.
        let stale = routes.filter(isStale)
        for route in stale.filter(\.hasGateway) + stale.filter({ !$0.hasGateway }) {
            plan.operations.append(.removeRoute(.pod, route))
        }
        routes.removeAll(where: isStale)
    }
}

extension Link {
    /// Whether the link has the name of the node's end of a container's pair.
    func hasName(of subject: CoordinationSubject) -> Bool { hasName(containerID: subject.containerID) }

    /// Whether the link has the name of the node's end of a container's pair.
    func hasName(containerID: String) -> Bool { CoordinationSubject.nodeLinkName(containerID) == name }
}
