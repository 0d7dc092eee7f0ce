public import IPAMCore
public import NetlinkKit

/// What of a node concerns one interface of one Pod.
public struct NodeState: Sendable, Hashable {
    /// Addresses that a Pod may want to reach, without those of links that serve containers only.
    public var addresses: [IPAddress]
    /// Addresses of the loopback link.
    public var loopbackAddresses: Set<IPAddress>
    /// The addresses that the node would speak from to each address of the interface, in their order; link-local ones and
    /// those of ways that lead to a Pod already are left out.
    public var preferredSources: [IPAddress]
    /// All rules.
    public var rules: [Rule]
    /// The link that has the name of the node's end of the auxiliary pair.
    public var namedLink: Link?
    /// The other end of the Pod's link towards the node.
    public var peer: Link?
    /// The number by which this namespace knows that of the Pod; `nil` when it has none.
    public var podNumber: Int32?
    /// Where the node's table leads now, for the addresses of the interface.
    public var podRoutes: [IPAddress: Route]
    /// Neighbours with an address of the interface, on the links that were looked at.
    public var neighbors: [Neighbor]
    /// Whether the peer accepts router advertisements; `nil` when that was not read.
    public var acceptsRouterAdvertisements: Bool?

    /// Puts a state together.
    public init(
        addresses: [IPAddress] = [], loopbackAddresses: Set<IPAddress> = [], preferredSources: [IPAddress] = [],
        rules: [Rule] = [], namedLink: Link? = nil, peer: Link? = nil, podNumber: Int32? = nil,
        podRoutes: [IPAddress: Route] = [:], neighbors: [Neighbor] = [], acceptsRouterAdvertisements: Bool? = nil
    ) {
        self.addresses = addresses
        self.loopbackAddresses = loopbackAddresses
        self.preferredSources = preferredSources
        self.rules = rules
        self.namedLink = namedLink
        self.peer = peer
        self.podNumber = podNumber
        self.podRoutes = podRoutes
        self.neighbors = neighbors
        self.acceptsRouterAdvertisements = acceptsRouterAdvertisements
    }
}
