public import IPAMCore
public import NetlinkKit

/// What there is in the network namespace of a Pod.
public struct PodState: Sendable, Hashable {
    /// All links, in the order in which they were made.
    public var links: [Link]
    /// All addresses.
    public var addresses: [LinkAddress]
    /// All routes of all tables but the one of local addresses.
    public var routes: [Route]
    /// All rules.
    public var rules: [Rule]
    /// All neighbours.
    public var neighbors: [Neighbor]
    /// For which families answers are marked.
    public var markedFamilies: Set<AddressFamily>
    /// `net.ipv4.conf.….rp_filter` by scope, as far as it was read.
    public var reversePathFilters: [LinkScope: Int]
    /// Whether `net.ipv6.conf.all.disable_ipv6` is on.
    public var disablesIPv6: Bool
    /// The number by which this namespace knows that of the node; `nil` when it has none.
    public var nodeNumber: Int32?

    /// Puts a state together.
    public init(
        links: [Link] = [], addresses: [LinkAddress] = [], routes: [Route] = [], rules: [Rule] = [],
        neighbors: [Neighbor] = [], markedFamilies: Set<AddressFamily> = [],
        reversePathFilters: [LinkScope: Int] = [:], disablesIPv6: Bool = false, nodeNumber: Int32? = nil
    ) {
        self.links = links
        self.addresses = addresses
        self.routes = routes
        self.rules = rules
        self.neighbors = neighbors
        self.markedFamilies = markedFamilies
        self.reversePathFilters = reversePathFilters
        self.disablesIPv6 = disablesIPv6
        self.nodeNumber = nodeNumber
    }

    /// The link with a name.
    func link(named name: InterfaceName) -> Link? { links.first { $0.name == name.text } }

    /// The addresses of a link that packets of the Pod come from: neither link-local nor multicast, IPv4 first.
    func usableAddresses(of link: LinkIndex) -> [IPAddress] {
        let all = addresses.filter { $0.link == link && !$0.address.isLinkLocal && !$0.address.isMulticast }
        return AddressFamily.both.flatMap { family in all.map(\.address).filter { $0.family == family } }
    }
}
