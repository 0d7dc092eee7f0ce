internal import IPAMCore
internal import NetlinkKit

extension NodeState {
    /// Reads what of the node concerns an interface: in time that does not grow with the number of Pods, but for the
    /// list of addresses, which the kernel gives only as a whole.
    ///
    /// - Parameters:
    ///   - socket: A socket of the node's namespace.
    ///   - subject: The interface.
    ///   - settings: The settings.
    ///   - placement: Where the interface stands.
    ///   - pod: What there is in the Pod.
    /// - Throws: `NetlinkError`.
    init(
        reading socket: inout RouteSocket, _ subject: CoordinationSubject, _ settings: CoordinatorSettings,
        _ placement: CoordinationPlacement, _ pod: PodState
    ) throws(NetlinkError) {
        self.init()
        let links = try readAddresses(&socket, placement.families)
        try readEnds(&socket, subject, placement, pod)
        for family in placement.families { rules += try socket.rules(family) }
        for address in placement.addresses { readWay(&socket, to: address, settings.nodeTable) }
        for link in links + [peer?.index].compactMap({ $0 }) {
            for address in placement.addresses {
                if let neighbor = try? socket.neighbor(address, on: link) { neighbors.append(neighbor) }
            }
        }
    }

    /// Reads the addresses that Pods may want to reach.
    ///
    /// - Returns: The links that have them.
    mutating func readAddresses(
        _ socket: inout RouteSocket, _ families: [AddressFamily]
    ) throws(NetlinkError) -> [LinkIndex] {
        var names: [LinkIndex: String] = [:]
        var useful: [LinkIndex] = []
        for address in try socket.addresses() where families.contains(address.address.family) {
            if address.address.isLinkLocal || address.address.isMulticast || address.address.isLoopback { continue }
            if names[address.link] == nil {
                // A link that has just gone takes its addresses with it.
                guard let link = try? socket.link(at: address.link) else { continue }
                names[address.link] = link.name
                if !NodeLinkFilter.excludes(link.name) { useful.append(link.index) }
            }
            let name = names[address.link] ?? ""
            if name == "lo" { loopbackAddresses.insert(address.address) }
            if !NodeLinkFilter.excludes(name) { addresses.append(address.address) }
        }
        return useful
    }

    /// Finds the other end of the Pod's link towards the node, or what has the name that it will get.
    private mutating func readEnds(
        _ socket: inout RouteSocket, _ subject: CoordinationSubject, _ placement: CoordinationPlacement,
        _ pod: PodState
    ) throws(NetlinkError) {
        guard let inner = placement.nodeFacing else {
            guard let name = try? subject.nodeLinkName else { return }
            namedLink = try socket.linkIfPresent(named: name)
            return
        }
        guard let parent = inner.parent, let number = inner.parentNamespace, number == pod.nodeNumber else { return }
        peer = try socket.link(at: parent)
    }

    /// Asks which way the node would take to an address.
    private mutating func readWay(_ socket: inout RouteSocket, to address: IPAddress, _ table: RouteTable) {
        // No way at all is what a node without addresses of the family says.
        guard let route = try? socket.route(to: address) else { return }
        if route.table == table {
            podRoutes[address] = route
            return
        }
        guard route.kind == .unicast, let source = route.preferredSource, !source.isLinkLocal,
            !preferredSources.contains(source)
        else { return }
        preferredSources.append(source)
    }
}

extension RouteSocket {
    /// A link, or `nil` when there is none of the name.
    mutating func linkIfPresent(named name: InterfaceName) throws(NetlinkError) -> Link? {
        do throws(NetlinkError) {
            return try link(named: name)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
