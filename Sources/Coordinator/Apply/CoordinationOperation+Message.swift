internal import IPAMCore
internal import NetlinkKit

extension CoordinationOperation {
    /// Whether it is one message of rtnetlink.
    var isMessage: Bool {
        switch self {
        case .addPair, .clearRoutes, .setSysctl, .mark, .unmark, .announce: false
        default: true
        }
    }

    /// Adds the message to a batch.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - place: The number of a link, for its number in the plan.
    func append(to batch: inout RouteBatch, _ place: (LinkIndex) -> LinkIndex) {
        switch self {
        case .addPair, .clearRoutes, .setSysctl, .mark, .unmark, .announce: break
        case .setLink(_, let link, let settings): batch.update(place(link), settings)
        case .removeLink(_, let link): batch.remove(place(link))
        case .addAddress(var address):
            address.link = place(address.link)
            batch.add(address)
        case .removeAddress(var address):
            address.link = place(address.link)
            batch.remove(address)
        case .addRoute(_, let route): batch.add(route.replacingLinks(place))
        case .replaceRoute(_, let route): batch.update(route.replacingLinks(place))
        case .prependRoute(let route): batch.prepend(route.replacingLinks(place))
        case .removeRoute(_, let route): batch.remove(route.replacingLinks(place))
        case .addRule(_, let rule): batch.add(rule)
        case .removeRule(_, let rule): batch.remove(rule)
        case .setNeighbor(_, var neighbor):
            neighbor.link = place(neighbor.link)
            batch.update(neighbor)
        case .removeNeighbor(_, var neighbor):
            neighbor.link = place(neighbor.link)
            batch.remove(neighbor)
        }
    }

    /// Whether a refusal means that somebody else did the same in the meantime.
    func tolerates(_ error: NetlinkError) -> Bool {
        switch self {
        case .addRoute, .prependRoute, .addRule, .addAddress: error.code == .exists
        case .removeLink, .removeAddress, .removeRoute, .removeRule, .removeNeighbor: error.code == .notFound
        default: false
        }
    }

    /// The same route of the Pod with a source that the kernel chooses; `nil` when it has none, or is of IPv4.
    var withoutSource: CoordinationOperation? {
        switch self {
        case .addRoute(let side, let route) where route.withoutSource != route: .addRoute(side, route.withoutSource)
        case .replaceRoute(let side, let route) where route.withoutSource != route:
            .replaceRoute(side, route.withoutSource)
        default: nil
        }
    }

    /// Whether it is about a link of the pair that the same plan makes, other than making it.
    var usesPair: Bool {
        let ends = [AuxiliaryPair.nodePlaceholder, AuxiliaryPair.podPlaceholder]
        return switch self {
        case .addPair, .clearRoutes, .removeRule, .addRule, .mark, .unmark, .setSysctl, .announce: false
        case .setLink(_, let link, _), .removeLink(_, let link): ends.contains(link)
        case .addAddress(let address), .removeAddress(let address): ends.contains(address.link)
        case .addRoute(_, let route), .replaceRoute(_, let route), .prependRoute(let route),
            .removeRoute(_, let route):
            route.nextHops.contains { hop in hop.link.map(ends.contains) ?? false }
        case .setNeighbor(_, let neighbor), .removeNeighbor(_, let neighbor): ends.contains(neighbor.link)
        }
    }

    /// What brings back the state from before; `nil` when that is not known or not wanted.
    func inverse(_ pod: PodState, _ node: NodeState) -> CoordinationOperation? {
        switch self {
        case .addPair: return .removeLink(.node, AuxiliaryPair.nodePlaceholder)
        case .setLink(let side, let link, let settings):
            let links = side == .pod ? pod.links : [node.peer, node.namedLink].compactMap { $0 }
            guard let before = links.first(where: { $0.index == link }) else { return nil }
            return .setLink(side, link, settings.restored(from: before))
        case .removeLink, .clearRoutes, .announce: return nil
        case .mark(let families): return .unmark(families)
        case .unmark(let families): return .mark(families)
        case .addAddress(let address): return .removeAddress(address)
        case .removeAddress(let address): return .addAddress(address)
        case .setSysctl(let side, let setting):
            guard side == .pod, let before = pod.value(of: setting.key) else { return nil }
            return .setSysctl(.pod, SysctlSetting(setting.key, before))
        case .addRoute(let side, let route): return .removeRoute(side, route)
        case .replaceRoute(let side, let route):
            let before = side == .pod ? pod.routes.first { $0.isSameEntry(as: route) } : nil
            return before.map { .replaceRoute(side, $0) } ?? .removeRoute(side, route)
        case .prependRoute(let route): return .removeRoute(.pod, route)
        case .removeRoute(.pod, let route): return .prependRoute(route)
        case .removeRoute(.node, let route): return .addRoute(.node, route)
        case .addRule(let side, let rule):
            // Other Pods of the node use its rule by now.
            return side == .node ? nil : .removeRule(side, rule)
        case .removeRule(let side, let rule): return .addRule(side, rule)
        case .setNeighbor(let side, let neighbor):
            let all = side == .pod ? pod.neighbors : node.neighbors
            let before = all.first { $0.address == neighbor.address && $0.link == neighbor.link }
            return before.map { .setNeighbor(side, $0) } ?? .removeNeighbor(side, neighbor)
        case .removeNeighbor(let side, let neighbor): return .setNeighbor(side, neighbor)
        }
    }
}

extension LinkSettings {
    /// What a link had before these settings.
    fileprivate func restored(from link: Link) -> LinkSettings {
        LinkSettings(
            isUp: isUp.map { _ in link.isUp }, mtuBytes: mtuBytes.map { _ in link.mtuBytes },
            address: address.flatMap { _ in link.address },
            transmitQueueLength: transmitQueueLength.map { _ in link.transmitQueueLength },
            alias: alias.map { _ in link.alias })
    }
}

extension PodState {
    /// What a setting was, as far as it was read.
    fileprivate func value(of key: SysctlKey) -> Int? {
        if key == .ipv6(.disable, of: .all) { return disablesIPv6 ? 1 : 0 }
        for (scope, value) in reversePathFilters where key == .ipv4(.reversePathFilter, of: scope) { return value }
        return nil
    }
}
