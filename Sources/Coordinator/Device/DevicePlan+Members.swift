internal import IPAMCore
internal import NetlinkKit

extension DevicePlan {
    /// An interface that is to be put into a bond; taking it must break nothing.
    func candidate(at place: Int, for bond: DeviceBond) throws(DeviceError) -> Link {
        let field = "interfaces[\(place)]"
        let link = try existing(configuration.interfaces[place], field: field)
        if let reason = unfitness(of: link) {
            throw DeviceError(.inUse, "\(link.name) cannot be a member of a bond", details: "\(field): \(reason)")
        }
        guard !bond.force, let reason = belongings(of: link) else { return link }
        throw DeviceError(.inUse, "\(link.name) carries traffic of the node", details: "\(field): \(reason)")
    }

    private func unfitness(of link: Link) -> String? {
        if link.flags.contains(.loopback) { return "\(link.name) is the loopback interface; name a network card" }
        if let master = link.master {
            let kind = state.links.first { $0.index == master }?.kind.map { "\($0) " } ?? ""
            return
                "\(link.name) is in \(kind)\(state.name(of: master)) already, where it would be missed; name another interface, or "
                + "take it out (ip link set dev \(link.name) nomaster)"
        }
        if link.kind == .bond { return "\(link.name) is a bond itself; name the interfaces below it" }
        let children = state.children(of: link)
        if let child = children.first(where: { $0.kind != .vlan }) {
            return
                "\(child.name) is on it, a \(child.kind.map { "\($0) " } ?? "")interface that would not get any packets; remove it, or "
                + "name another interface"
        }
        if let user = state.users.first(where: { $0.parent == link.index }) {
            return
                "\(user.words) is on it, an interface that would not get any packets; end that Pod, or name another interface"
        }
        let carrying = children.first { !state.givenAddresses(of: $0.index).isEmpty }
        return carrying.map { child in
            "the VLAN interface \(child.name) on it has the address "
                + "\(state.givenAddresses(of: child.index)[0]), which would be cut off; move that to the bond first, or name "
                + "another interface"
        }
    }

    /// What the node would lose.
    private func belongings(of link: Link) -> String? {
        let addresses = state.givenAddresses(of: link.index).map(\.description)
        let routes = state.addedRoutes(over: link.index).map {
            $0.destination.isDefault ? "default" : "\($0.destination)"
        }
        guard !addresses.isEmpty || !routes.isEmpty else { return nil }
        var things: [String] = []
        if !addresses.isEmpty { things.append("the address \(addresses.joined(separator: ", "))") }
        if !routes.isEmpty { things.append("the route \(routes.joined(separator: ", "))") }
        return
            "\(link.name) has \(things.joined(separator: " and ")), which the node would lose; name another interface, take "
            + "them away, or set bond.force to true to move them to the bond"
    }
}

/// What a member of a bond has to give away: as a member it receives nothing any more.
struct Belongings {
    private let link: Link
    private let name: InterfaceName
    private let addresses: [LinkAddress]
    private let routes: [Route]

    init(of link: Link, _ name: InterfaceName, in state: DeviceState) {
        self.link = link
        self.name = name
        addresses = state.givenAddresses(of: link.index)
        // Gateways have to be reachable when a route over them is added.
        let added = state.addedRoutes(over: link.index)
        routes = added.filter(\.isToNeighbours) + added.filter { !$0.isToNeighbours }
    }

    /// Takes everything away, in an order that can be undone backwards.
    var taking: [DeviceOperation] {
        routes.reversed().map { .removeRoute($0, of: link.index, over: name) }
            + addresses.reversed().map { .removeAddress($0, from: name) }
    }

    /// Gives everything to another interface.
    func giving(to other: InterfaceName) -> [DeviceOperation] {
        addresses.map { .addAddress($0, to: other) }
            + routes.map { .addRoute($0, of: link.index, over: other) }
    }
}

extension Route {
    fileprivate var isToNeighbours: Bool { nextHops.allSatisfy { $0.gateway == nil } }
}
