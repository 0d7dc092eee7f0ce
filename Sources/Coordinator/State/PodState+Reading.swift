internal import IPAMCore
internal import NetlinkKit

extension PodState {
    /// Reads what there is in the namespace of the calling thread.
    ///
    /// - Parameters:
    ///   - socket: A socket of the same namespace.
    ///   - node: The namespace of the node.
    ///   - readsSettings: Whether settings of the kernel are read too.
    /// - Throws: `NetlinkError`.
    init(
        reading socket: inout RouteSocket, node: NamespaceReference, readsSettings: Bool
    ) throws(NetlinkError) {
        self.init(
            links: try socket.links(), addresses: try socket.addresses(),
            routes: try socket.routes().filter { $0.table != .local }, rules: try socket.rules(),
            neighbors: try socket.neighbors())
        nodeNumber = try socket.namespaceID(of: node)
        if links.contains(where: { $0.name == CoordinationPlacement.auxiliaryName }) {
            markedFamilies = try Self.readMarks()
        }
        guard readsSettings else { return }
        disablesIPv6 = (try? Sysctl.number(of: .ipv6(.disable, of: .all))) == 1
        let names = links.compactMap { InterfaceName($0.name).map(LinkScope.link) }
        for scope in [.all, .default] + names {
            reversePathFilters[scope] = try? Sysctl.number(of: .ipv4(.reversePathFilter, of: scope))
        }
    }

    /// The families whose marks are as they should be.
    private static func readMarks() throws(NetlinkError) -> Set<AddressFamily> {
        guard let marks = ReplyMarks.ofPods else { return [] }
        var filter = try NetfilterSocket()
        var families: Set<AddressFamily> = []
        for family in AddressFamily.both where try filter.state(of: marks, family) == .present {
            families.insert(family)
        }
        return families
    }
}

extension ReplyMarks {
    /// What a Pod marks.
    static var ofPods: ReplyMarks? {
        InterfaceName(CoordinationPlacement.auxiliaryName).map { ReplyMarks(link: $0, mark: Numbers.replyMark) }
    }
}
