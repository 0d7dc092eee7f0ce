public import IPAMCore
internal import SystemPackage

extension RouteSocket {
    /// All routes, or those of a family, a table, a link (`ip route show`). What the kernel learnt about single
    /// destinations (the route cache) is not among them.
    ///
    /// - Parameters:
    ///   - family: Only this family.
    ///   - table: Only this table; a table that does not exist has no routes.
    ///   - link: Only routes with a next hop on this link.
    /// - Returns: The routes in the kernel's order, IPv4 first.
    /// - Throws: ``NetlinkError``.
    /// - Complexity: O(n) in the number of routes that the kernel selects; kernels before 4.20 select by family only.
    public mutating func routes(
        _ family: AddressFamily? = nil, table: RouteTable? = nil, on link: LinkIndex? = nil
    ) throws(NetlinkError) -> [Route] {
        guard let family else {
            return try routes(.ipv4, table: table, on: link) + routes(.ipv6, table: table, on: link)
        }
        let request = MessageWriter(.getRoute, .dump) { writer in
            writer.routeHeader(family: family.kernelNumber, table: table?.headerByte ?? 0)
            if let table { writer.attribute(RTA.table, table.rawValue) }
            if let link { writer.attribute(RTA.outputLink, link) }
        }
        do throws(NetlinkError) {
            return try socket.dump("read \(family) routes", request, reply: .newRoute) { payload, routes in
                guard Route.isRoute(payload) else { return true }
                guard let route = Route(payload) else { return false }
                let isWanted =
                    (table ?? route.table) == route.table
                    && (link == nil || route.nextHops.contains { $0.link == link })
                if isWanted { routes.append(route) }
                return true
            }
        } catch {
            // "FIB table does not exist"
            guard table != nil, error.errno == .noSuchFileOrDirectory else { throw error }
            return []
        }
    }

    /// The route that a packet would take (`ip route get`).
    ///
    /// - Parameters:
    ///   - destination: Where the packet goes.
    ///   - source: The address that it comes from.
    ///   - mark: Its mark (`SO_MARK`).
    ///   - link: The link that it has to leave by.
    /// - Returns: The route of this one packet: its destination is one address, ``Route/preferredSource`` what the packet
    ///   would be sent from, ``Route/table`` where the route was found.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/unreachable`` when there is none.
    public mutating func route(
        to destination: IPAddress, from source: IPAddress? = nil, mark: UInt32? = nil, via link: LinkIndex? = nil
    ) throws(NetlinkError) -> Route {
        let request = MessageWriter(.getRoute, []) { writer in
            let length = UInt8(destination.family.bitWidth)
            writer.routeHeader(
                family: destination.family.kernelNumber, destinationLength: length,
                sourceLength: source == nil ? 0 : length,
                // RTM_F_LOOKUP_TABLE: tell the table, which IPv6 does anyway, and takes no such flag.
                flags: destination.family == .ipv4 ? 0x1000 : 0)
            writer.attribute(RTA.destination, destination)
            if let source { writer.attribute(RTA.source, source) }
            if let mark { writer.attribute(RTA.mark, mark) }
            if let link { writer.attribute(RTA.outputLink, link) }
        }
        return try socket.get("look up route to \(destination)", request, reply: .newRoute, Route.init)
    }

    /// Adds a route (`ip route add`).
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/exists`` when there is one to the same destination with the same
    ///   priority in the table, ``NetlinkError/Code/unreachable`` when its gateway is no neighbour.
    public mutating func add(_ route: Route) throws(NetlinkError) {
        try perform { $0.add(route) }
    }

    /// Adds a route in place of the one with the same destination and priority, if there is one (`ip route replace`).
    ///
    /// - Throws: ``NetlinkError``.
    public mutating func update(_ route: Route) throws(NetlinkError) {
        try perform { $0.update(route) }
    }

    /// Removes a route (`ip route del`).
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notFound`` when there is none like it.
    public mutating func remove(_ route: Route) throws(NetlinkError) {
        try perform { $0.remove(route) }
    }
}

extension RouteBatch {
    /// As ``RouteSocket/add(_:)-(Route)``.
    public mutating func add(_ route: Route) {
        append("add route \(route)", .newRoute, [.create, .exclusive]) { $0.body(of: route) }
    }

    /// Adds a route before those with the same destination and priority (`ip route prepend`); for IPv6, where the kernel
    /// has no order among them, it becomes one more next hop.
    ///
    /// - Parameter route: The route; the kernel refuses it with ``NetlinkError/Code/exists`` when there is one just like it.
    public mutating func prepend(_ route: Route) {
        append("prepend route \(route)", .newRoute, .create) { $0.body(of: route) }
    }

    /// As ``RouteSocket/update(_:)-(Route)``.
    public mutating func update(_ route: Route) {
        append("replace route \(route)", .newRoute, [.create, .replace]) { $0.body(of: route) }
    }

    /// As ``RouteSocket/remove(_:)-(Route)``.
    public mutating func remove(_ route: Route) {
        append("remove route \(route)", .deleteRoute) { $0.body(of: route) }
    }
}
