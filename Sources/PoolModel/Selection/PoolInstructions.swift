public import IPAMCore

/// Everything that anybody says about the pools of an interface, not yet weighed; ``PoolPlan`` does that.
public struct PoolInstructions: Sendable, Hashable {
    /// The name of a Pod's first interface.
    public static let primaryInterface = "eth0"

    /// The interface that asks.
    public var interface: String
    /// The Pod's annotations.
    public var pod: PodAnnotations
    /// The annotations of its namespace.
    public var namespace: NamespaceAnnotations
    /// The lists of the CNI configuration, `default_ipv4_ippool` and `default_ipv6_ippool`.
    public var configuredPools: [AddressFamily: [String]]
    /// `clean_gateway` of the CNI configuration.
    public var cleanGateway: Bool
    /// What is switched on.
    public var features: SelectionFeatures
    /// The interfaces that have been served for this Pod before, in that order; items without a name are counted by
    /// them. The interface that asks may be among them.
    public var servedInterfaces: [String]

    /// Makes instructions.
    public init(
        interface: String, pod: PodAnnotations = PodAnnotations(),
        namespace: NamespaceAnnotations = NamespaceAnnotations(), configuredPools: [AddressFamily: [String]] = [:],
        cleanGateway: Bool = false, features: SelectionFeatures = SelectionFeatures(), servedInterfaces: [String] = []
    ) {
        self.interface = interface
        self.pod = pod
        self.namespace = namespace
        self.configuredPools = configuredPools
        self.cleanGateway = cleanGateway
        self.features = features
        self.servedInterfaces = servedInterfaces
    }
}
