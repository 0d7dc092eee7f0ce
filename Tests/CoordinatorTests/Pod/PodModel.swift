import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// A node and one Pod as values that change as the kernel would: small enough to be seen to be right.
struct PodModel {
    private(set) var pod = PodState()
    private(set) var node = NodeState()
    private var nodeLinks: [Link] = []
    private var nodeNeighbors: [Neighbor] = []
    private var nodeRoutes: [Route] = []
    private var nextIndex: Int32 = 100

    /// A refusal, in words.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// A Pod with nothing but loopback on a node with two networks (coordinator.md 9).
    init(nodeAddresses: [String] = ["172.22.0.11", "172.23.0.11", "fd00:22::11", "fd00:23::11"]) {
        node.addresses = nodeAddresses.compactMap { IPAddress($0) }
        node.rules = AddressFamily.both.map { Rule($0, priority: 32766, table: .main) }
        pod.rules = node.rules
        pod.nodeNumber = 0
        node.podNumber = 0
        addLink("lo", kind: nil)
        pod.reversePathFilters = [.all: 0, .default: 0]
    }

    private mutating func newIndex() -> LinkIndex {
        nextIndex += 1
        guard let index = LinkIndex(rawValue: nextIndex) else { preconditionFailure("counted up from 100") }
        return index
    }

    @discardableResult
    private mutating func addLink(_ name: String, kind: LinkKind?, parent: LinkIndex? = nil) -> LinkIndex {
        let index = newIndex()
        var link = Link(index: index, flags: kind == nil ? [.up, .loopback] : [.up], hardwareType: 1)
        link.name = name
        link.kind = kind
        link.address = MACAddress(bits: 0x0200_0000_0000 | UInt64(nextIndex))
        link.transmitQueueLength = 1000
        link.parent = parent
        link.parentNamespace = parent == nil ? nil : 0
        pod.links.append(link)
        return index
    }

    /// What a main plugin does: a link with addresses, their connected routes, and default routes.
    mutating func attach(
        _ name: String, _ prefixes: [String], gateways: [String] = [], kind: LinkKind = .macvlan
    ) throws {
        var parent: LinkIndex?
        if kind == .veth {
            var outer = Link(index: newIndex(), flags: [.up], hardwareType: 1)
            outer.name = "cali\(nextIndex)"
            outer.kind = .veth
            outer.address = MACAddress(bits: 0xeeee_eeee_eeee)
            nodeLinks.append(outer)
            parent = outer.index
        }
        let index = addLink(name, kind: kind, parent: parent)
        for text in prefixes {
            let parts = try CIDR.parts(of: text)
            let address = try #require(LinkAddress(parts.address, prefixLength: parts.length, on: index))
            pod.addresses.append(address)
            guard parts.length < parts.address.family.bitWidth else { continue }
            let prefix = try #require(CIDR(containing: parts.address, prefixLength: parts.length))
            var route = Route(to: prefix, path: .hop(NextHop(link: index)))
            route.origin = .kernel
            if parts.address.family == .ipv4 { route.preferredSource = parts.address } else { route.priority = 256 }
            pod.routes.append(route)
        }
        for text in gateways {
            let gateway = try #require(IPAddress(text))
            let family = gateway.family
            if gateway.isLinkLocal {
                pod.routes.append(Route(to: CIDR(gateway), path: .hop(NextHop(link: index))))
            }
            insert(
                Route(to: CIDR.everything(in: family), path: .hop(NextHop(link: index, gateway: gateway))), first: true)
        }
    }

    /// What a main plugin does when the interface goes.
    mutating func detach(_ name: String) {
        guard let index = pod.links.first(where: { $0.name == name })?.index else { return }
        remove(link: index)
    }

    private mutating func remove(link index: LinkIndex) {
        pod.links.removeAll { $0.index == index }
        pod.addresses.removeAll { $0.link == index }
        pod.neighbors.removeAll { $0.link == index }
        pod.routes = pod.routes.compactMap { $0.part(notOn: index) }
    }

    /// IPv6 has one default route with several next hops, IPv4 has several default routes.
    private mutating func insert(_ route: Route, first: Bool) {
        if route.family == .ipv6, let place = pod.routes.firstIndex(where: { $0.isSameEntry(as: route) }) {
            let hops = pod.routes[place].nextHops + route.nextHops
            pod.routes[place].path = .hops(hops)
        } else if first {
            pod.routes.insert(route, at: 0)
        } else {
            pod.routes.append(route)
        }
    }

    // MARK: Plans

    /// What the plan for an interface sees of the node.
    func nodeState(_ subject: CoordinationSubject, _ placement: CoordinationPlacement?) throws -> NodeState {
        var state = node
        let name = try subject.nodeLinkName.text
        state.namedLink = nodeLinks.first { $0.name == name }
        state.peer = placement?.nodeFacing.flatMap { inner in nodeLinks.first { $0.index == inner.parent } }
        state.neighbors = nodeNeighbors
        for address in placement?.addresses ?? [] {
            if let route = nodeRoutes.first(where: { $0.destination == CIDR(address) }) {
                state.podRoutes[address] = route
            } else if let source = node.addresses.first(where: { $0.family == address.family && $0.isNear(address) }) {
                state.preferredSources.append(source)
            }
        }
        return state
    }

    func plan(_ subject: CoordinationSubject, _ settings: CoordinatorSettings) throws -> CoordinationPlan {
        let placement = try #require(try CoordinationPlacement(subject, settings, pod))
        return try CoordinationPlan(
            coordinating: subject, settings, placement, pod: pod, node: nodeState(subject, placement))
    }

    func removal(_ subject: CoordinationSubject, _ settings: CoordinatorSettings) throws -> CoordinationPlan {
        let auxiliary = pod.links.first { $0.name == "veth0" }
        var state = node
        let name = try subject.nodeLinkName.text
        let inner = auxiliary ?? pod.link(named: settings.firstInterface)
        state.namedLink = nodeLinks.first { $0.name == name }
        state.peer = inner.flatMap { inner in nodeLinks.first { $0.index == inner.parent } }
        let own = pod.link(named: subject.interface).map { pod.usableAddresses(of: $0.index) } ?? []
        return CoordinationPlan(
            removing: subject, firstInterface: settings.firstInterface, nodeTable: nil, pod: pod, node: state,
            addresses: own)
    }

    /// Carries out operations as the kernel would, and refuses what it would refuse.
    mutating func apply(_ operations: some Sequence<CoordinationOperation>, checked: Bool = true) throws {
        var made: [LinkIndex: LinkIndex] = [:]
        for operation in operations { try apply(operation, &made, checked) }
    }

    private mutating func apply(
        _ operation: CoordinationOperation, _ made: inout [LinkIndex: LinkIndex], _ checked: Bool
    ) throws {
        let place = { [made] (link: LinkIndex) in made[link] ?? link }
        switch operation {
        case .addPair(let pair):
            let outerIndex = newIndex()
            let inner = addLink(pair.podName.text, kind: .veth, parent: outerIndex)
            setLink(.pod, inner) { link in
                link.address = pair.podAddress
                link.flags.remove(.up)
            }
            var outer = Link(index: outerIndex, flags: [], hardwareType: 1)
            outer.name = pair.nodeName.text
            outer.kind = .veth
            outer.address = pair.nodeAddress
            nodeLinks.append(outer)
            made[AuxiliaryPair.nodePlaceholder] = outerIndex
            made[AuxiliaryPair.podPlaceholder] = inner
        case .setLink(let side, let link, let settings):
            setLink(side, place(link)) { link in
                if settings.isUp == true { link.flags.insert(.up) }
                if let address = settings.address { link.address = address }
                if let alias = settings.alias { link.alias = alias }
                if let length = settings.transmitQueueLength { link.transmitQueueLength = length }
            }
        case .removeLink(_, let link):
            nodeLinks.removeAll { $0.index == link }
            nodeRoutes.removeAll { $0.isOnly(on: link) }
            nodeNeighbors.removeAll { $0.link == link }
            if let inner = pod.links.first(where: { $0.parent == link }) { remove(link: inner.index) }
        case .addAddress(var address):
            address.link = place(address.link)
            pod.addresses.append(address)
        case .removeAddress(let address): pod.addresses.removeAll { $0 == address }
        case .setSysctl, .announce: break
        case .addRoute(.pod, let route):
            let route = route.replacingLinks(place)
            if pod.routes.contains(where: { $0.isSameEntry(as: route) }) {
                throw Refusal(description: "exists: \(route)")
            }
            try checkGateways(of: route, checked)
            insert(route, first: false)
        case .replaceRoute(.pod, let route):
            let route = route.replacingLinks(place)
            try checkGateways(of: route, checked)
            if let place = pod.routes.firstIndex(where: { $0.isSameEntry(as: route) }) {
                pod.routes[place] = route
            } else {
                insert(route, first: false)
            }
        case .prependRoute(let route):
            try checkGateways(of: route, checked)
            insert(route, first: true)
        case .removeRoute(.pod, let route): try remove(route, checked)
        case .addRoute(.node, let route), .replaceRoute(.node, let route):
            let route = route.replacingLinks(place)
            nodeRoutes.removeAll { $0.destination == route.destination }
            nodeRoutes.append(route)
        case .removeRoute(.node, let route):
            nodeRoutes.removeAll { $0.destination == route.destination && $0.path == route.path }
        case .clearRoutes(let prefix, _): nodeRoutes.removeAll { $0.destination == prefix }
        case .addRule(let side, let rule):
            if side == .pod { pod.rules.append(rule) } else { node.rules.append(rule) }
        case .removeRule(let side, let rule):
            if side == .pod { pod.rules.removeAll { $0 == rule } } else { node.rules.removeAll { $0 == rule } }
        case .setNeighbor(let side, var neighbor):
            neighbor.link = place(neighbor.link)
            let isSame = { (other: Neighbor) in other.address == neighbor.address && other.link == neighbor.link }
            if side == .pod {
                pod.neighbors.removeAll(where: isSame)
                pod.neighbors.append(neighbor)
            } else {
                nodeNeighbors.removeAll(where: isSame)
                nodeNeighbors.append(neighbor)
            }
        case .removeNeighbor(let side, let neighbor):
            let isSame = { (other: Neighbor) in other.address == neighbor.address && other.link == neighbor.link }
            if side == .pod { pod.neighbors.removeAll(where: isSame) } else { nodeNeighbors.removeAll(where: isSame) }
        case .mark(let families): pod.markedFamilies.formUnion(families)
        case .unmark(let families): pod.markedFamilies.subtract(families)
        }
    }

    private mutating func setLink(
        _ side: CoordinationOperation.Side, _ index: LinkIndex, _ body: (inout Link) -> Void
    ) {
        if side == .pod {
            for place in pod.links.indices where pod.links[place].index == index { body(&pod.links[place]) }
        } else {
            for place in nodeLinks.indices where nodeLinks[place].index == index { body(&nodeLinks[place]) }
        }
    }

    private mutating func remove(_ route: Route, _ checked: Bool) throws {
        guard
            let place = pod.routes.firstIndex(where: { other in
                other.isSameEntry(as: route)
                    && route.nextHops.allSatisfy { hop in
                        other.nextHops.contains { $0.link == hop.link && $0.gateway == hop.gateway }
                    }
            })
        else {
            if checked { throw Refusal(description: "not found: \(route)") }
            return
        }
        let left = pod.routes[place].nextHops.filter { hop in
            !route.nextHops.contains { $0.link == hop.link && $0.gateway == hop.gateway }
        }
        switch left.count {
        case 0: pod.routes.remove(at: place)
        case 1: pod.routes[place].path = .hop(left[0])
        default: pod.routes[place].path = .hops(left)
        }
    }

    /// "Nexthop has invalid gateway": the gateway must be a neighbour by a route of the same table or of table main.
    private func checkGateways(of route: Route, _ checked: Bool) throws {
        guard checked else { return }
        for hop in route.nextHops where !hop.isOnLink {
            guard let gateway = hop.gateway else { continue }
            let isNear = pod.routes.contains { other in
                (other.table == route.table || other.table == .main) && other.destination.contains(gateway)
                    && !other.hasGateway && other.nextHops.contains { $0.link == hop.link }
            }
            if !isNear { throw Refusal(description: "network is unreachable: \(route)") }
        }
    }

    // MARK: Words

    /// The routes of a table and a family in the words of `ip route`, sorted.
    func routes(_ family: AddressFamily, _ table: RouteTable) -> [String] {
        pod.routes.filter { $0.family == family && $0.table == table }
            .map { $0.description { link in pod.links.first { $0.index == link }?.name ?? "?" } }.sorted()
    }

    /// The rules of a family without those that every namespace has, in their order.
    func rules(_ family: AddressFamily) -> [String] {
        pod.rules.filter { $0.family == family && $0.priority != 32766 }.map(\.description).sorted()
    }

    /// Everything that plans may change, in words; equal for equal states.
    var summary: [String] {
        var lines = AddressFamily.both.flatMap { rules($0).map { "rule \($0)" } }
        for table in Set(pod.routes.map(\.table)).sorted() {
            for family in AddressFamily.both { lines += routes(family, table).map { "\(table): \($0)" } }
        }
        lines += pod.links.map { "link \($0.name) \($0.isUp ? "up" : "down") alias \"\($0.alias)\"" }.sorted()
        lines += pod.neighbors.map { "neighbour \($0.address) lladdr \($0.hardwareAddress.map { "\($0)" } ?? "")" }
            .sorted()
        lines += pod.markedFamilies.map { "marks \($0)" }.sorted()
        lines += nodeRoutes.map { "node route \($0.destination)" }.sorted()
        lines += nodeNeighbors.map { "node neighbour \($0.address)" }.sorted()
        lines += node.rules.map { "node rule \($0)" }.sorted()
        lines += nodeLinks.map { "node link \($0.name) \($0.isUp) \($0.alias)" }.sorted()
        return lines
    }

    /// What the node still has of the Pod.
    var nodeLeftovers: [String] {
        nodeRoutes.map { "route \($0.destination)" } + nodeNeighbors.map { "neighbour \($0.address)" }
            + nodeLinks.filter { $0.name.hasPrefix("veth") }.map { "link \($0.name)" }
    }
}

extension IPAddress {
    /// Whether both are in one of the networks of the model.
    fileprivate func isNear(_ other: IPAddress) -> Bool {
        CIDR(containing: self, prefixLength: family == .ipv4 ? 16 : 64)?.contains(other) ?? false
    }
}

extension CIDR {
    /// Address and length of a text like `172.22.4.10/16`.
    static func parts(of text: String) throws -> (address: IPAddress, length: Int) {
        let parts = text.split(separator: "/")
        return (try #require(IPAddress(String(parts[0]))), try #require(Int(parts[1])))
    }
}
