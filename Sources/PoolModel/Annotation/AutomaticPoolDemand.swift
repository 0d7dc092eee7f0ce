public import IPAMCore

/// An automatic pool that a Pod asks for by naming subnets.
public struct AutomaticPoolDemand: Sendable, Hashable {
    /// The interface that the pool is for.
    public let interface: String
    /// The subnet from which each family's pool is cut.
    public let subnets: [AddressFamily: String]
    /// The size; `nil` when the Pod leaves it to the number of replicas.
    public let size: AutomaticPoolSize?
    /// Whether the pool goes when its application goes.
    public let isReclaimed: Bool

    /// Makes a demand.
    public init(
        interface: String, subnets: [AddressFamily: String], size: AutomaticPoolSize? = nil, isReclaimed: Bool = true
    ) {
        self.interface = interface
        self.subnets = subnets
        self.size = size
        self.isReclaimed = isReclaimed
    }
}
