public import IPAMCore

/// What an interface needs pools for.
public struct PoolRequest: Sendable, Hashable {
    /// The name of the interface inside the container.
    public var interface: String
    /// The families that may be given out at all, in the order in which they are answered.
    public var families: [AddressFamily]
    /// Who names pools, the most specific first. The first wins completely; without any, the default pools serve.
    public var sources: [PoolSource]
    /// Whether the gateways of the pools are known to the interface but not routed to.
    public var cleanGateway: Bool
    /// Who else names pools, and why that does not count; besides all but the first of ``sources``.
    public var passedOver: [PassedOverSource]

    /// Makes a request.
    public init(
        interface: String, families: [AddressFamily] = AddressFamily.allCases, sources: [PoolSource] = [],
        cleanGateway: Bool = false, passedOver: [PassedOverSource] = []
    ) {
        self.interface = interface
        self.families = families
        self.sources = sources
        self.cleanGateway = cleanGateway
        self.passedOver = passedOver
    }

    /// Who names the pools.
    public var origin: PoolOrigin { sources.first?.origin ?? .clusterDefault }
}
