public import IPAMCore

extension RouteSocket {
    /// All links of the namespace: `ip -details link`.
    ///
    /// - Returns: The links, in the order of the kernel; all from one moment.
    public mutating func links() throws(NetlinkError) -> [Link] {
        let request = MessageWriter(.getLink, .dump) { writer in
            writer.linkHeader()
            writer.attribute(IFLA.extendedMask, Self.withoutStatistics)
        }
        return try socket.dump("links", request, reply: .newLink) { payload, links in
            guard let link = Link(payload) else { return false }
            links.append(link)
            return true
        }
    }

    /// Whether the kernel can make links of a kind, whose module it loads if there is one. Nothing is made.
    public mutating func supports(_ kind: LinkKind) throws(NetlinkError) -> Bool {
        var batch = RouteBatch()
        // The kernel looks for the kind first, and then refuses a name that no link can have.
        batch.append("look for link kind \(kind)", .newLink, [.create, .exclusive]) { writer in
            writer.linkHeader()
            writer.attribute(IFLA.name, "/")
            writer.nested(IFLA.info) { $0.attribute(IFLAInfo.kind, kind.rawValue) }
        }
        guard let error = try perform(batch).first?.error, error.code != .invalid else { return true }
        guard error.code == .notSupported else { throw error }
        return false
    }

    /// One link: `ip -details link show dev NAME`.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is none.
    public mutating func link(named name: InterfaceName) throws(NetlinkError) -> Link {
        try link("link \(name)") { writer in
            writer.linkHeader()
            writer.attribute(IFLA.name, name.text)
        }
    }

    /// One link.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is none.
    public mutating func link(at index: LinkIndex) throws(NetlinkError) -> Link {
        try link("link \(index)") { $0.linkHeader(index: index.rawValue) }
    }

    /// What a link has carried: `ip -statistics link show`.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such link.
    public mutating func statistics(of index: LinkIndex) throws(NetlinkError) -> LinkStatistics {
        let request = MessageWriter(.getLink, []) { $0.linkHeader(index: index.rawValue) }
        return try socket.get("statistics of link \(index)", request, reply: .newLink) { LinkStatistics($0) }
    }

    /// Makes a link: `ip link add NAME type KIND …`.
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notSupported`` when the kernel does not know the kind.
    public mutating func add(_ link: LinkSpecification) throws(NetlinkError) {
        try perform { $0.add(link) }
    }

    /// Changes a link: `ip link set dev NAME …`.
    ///
    /// - Parameters:
    ///   - link: Which one.
    ///   - change: What to change.
    /// - Throws: ``NetlinkError`` with the kernel's words.
    public mutating func update(_ link: LinkIndex, _ change: LinkChange) throws(NetlinkError) {
        try perform { $0.update(link, change) }
    }

    /// Changes a link: `ip link set dev NAME up`, `mtu`, `address`, `master` and so on.
    ///
    /// - Parameters:
    ///   - link: Which one.
    ///   - settings: What to set.
    /// - Throws: ``NetlinkError`` with the kernel's words.
    public mutating func update(_ link: LinkIndex, _ settings: LinkSettings) throws(NetlinkError) {
        try perform { $0.update(link, settings) }
    }

    /// Removes a link: `ip link delete dev NAME`.
    public mutating func remove(_ link: LinkIndex) throws(NetlinkError) {
        try perform { $0.remove(link) }
    }

    /// `RTEXT_FILTER_SKIP_STATS`: counters are most of what the kernel would write.
    private static var withoutStatistics: UInt32 { 1 << 3 }

    private mutating func link(
        _ operation: @autoclosure () -> String, _ header: (inout MessageWriter) -> Void
    ) throws(NetlinkError) -> Link {
        let request = MessageWriter(.getLink, []) { writer in
            header(&writer)
            writer.attribute(IFLA.extendedMask, Self.withoutStatistics)
        }
        return try socket.get(operation(), request, reply: .newLink) { Link($0) }
    }
}
