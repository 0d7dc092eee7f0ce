public import IPAMCore
internal import SystemPackage

extension RouteSocket {
    /// All neighbours, or those of a family or a link (`ip neigh show`); entries of which nothing is known yet are
    /// among them.
    ///
    /// - Parameters:
    ///   - family: Only this family.
    ///   - link: Only this link.
    ///   - proxies: Whether to read the addresses that this host answers for (`ip neigh show proxy`) instead.
    /// - Returns: The entries, IPv4 first.
    /// - Throws: ``NetlinkError``.
    /// - Complexity: O(n) in the number of neighbours of the family.
    public mutating func neighbors(
        _ family: AddressFamily? = nil, on link: LinkIndex? = nil, proxies: Bool = false
    ) throws(NetlinkError) -> [Neighbor] {
        guard let family else {
            return try neighbors(.ipv4, on: link, proxies: proxies) + neighbors(.ipv6, on: link, proxies: proxies)
        }
        let request = MessageWriter(.getNeighbor, .dump) { writer in
            writer.neighborHeader(family: family.kernelNumber, flags: proxies ? Neighbor.proxyFlag : 0)
            // Proxies cannot be filtered by link.
            if let link, !proxies { writer.attribute(NDA.link, link) }
        }
        return try socket.dump("read \(family) neighbours", request, reply: .newNeighbor) { payload, neighbors in
            guard Neighbor.isNeighbor(payload) else { return true }
            guard let neighbor = Neighbor(payload) else { return false }
            if (link ?? neighbor.link) == neighbor.link { neighbors.append(neighbor) }
            return true
        }
    }

    /// What is known about one neighbour (`ip neigh get`).
    ///
    /// - Returns: The entry, or `nil`.
    /// - Throws: ``NetlinkError``. Kernels before 5.0 cannot be asked for one (``NetlinkError/Code/notSupported``).
    /// - Complexity: O(1).
    public mutating func neighbor(_ address: IPAddress, on link: LinkIndex) throws(NetlinkError) -> Neighbor? {
        let request = MessageWriter(.getNeighbor, []) { writer in
            writer.neighborHeader(family: address.family.kernelNumber, index: link.rawValue)
            writer.attribute(NDA.destination, address)
        }
        do throws(NetlinkError) {
            return try socket.get("look up neighbour \(address)", request, reply: .newNeighbor, Neighbor.init)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    /// Adds an entry (`ip neigh add`).
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/exists`` when there is one for the address on the link.
    public mutating func add(_ neighbor: Neighbor) throws(NetlinkError) {
        try perform { $0.add(neighbor) }
    }

    /// Adds an entry in place of the one for the same address on the same link, if there is one (`ip neigh replace`).
    ///
    /// - Throws: ``NetlinkError``.
    public mutating func update(_ neighbor: Neighbor) throws(NetlinkError) {
        try perform { $0.update(neighbor) }
    }

    /// Removes an entry (`ip neigh del`).
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notFound`` when there is none.
    public mutating func remove(_ neighbor: Neighbor) throws(NetlinkError) {
        try perform { $0.remove(neighbor) }
    }
}

extension RouteBatch {
    /// As ``RouteSocket/add(_:)-(Neighbor)``.
    public mutating func add(_ neighbor: Neighbor) {
        append("add neighbour \(neighbor)", .newNeighbor, [.create, .exclusive]) { $0.body(of: neighbor) }
    }

    /// As ``RouteSocket/update(_:)-(Neighbor)``.
    public mutating func update(_ neighbor: Neighbor) {
        append("replace neighbour \(neighbor)", .newNeighbor, [.create, .replace]) { $0.body(of: neighbor) }
    }

    /// As ``RouteSocket/remove(_:)-(Neighbor)``.
    public mutating func remove(_ neighbor: Neighbor) {
        append("remove neighbour \(neighbor)", .deleteNeighbor) { $0.body(of: neighbor, ending: true) }
    }
}
