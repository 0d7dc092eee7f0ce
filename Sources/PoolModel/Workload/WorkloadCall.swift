/// What one call of a container runtime says about a workload, as plain values.
public struct WorkloadCall: Sendable, Hashable {
    /// How the workload is recognised.
    public var key: WorkloadKey
    /// The interface that asks.
    public var interface: String
    /// The name of this node.
    public var nodeName: String?
    /// Labels that the runtime passes on; `nil` when it passes none.
    public var labels: [String: String]?
    /// Annotations of the Pod that the runtime passes on.
    public var annotations: [String: String]
    /// The network of `eth0` where Multus is at work and the Pod does not say.
    public var clusterNetwork: String?
    /// The namespace of network names without one.
    public var homeNamespace: String?

    /// Makes a call.
    public init(
        key: WorkloadKey, interface: String, nodeName: String? = nil, labels: [String: String]? = nil,
        annotations: [String: String] = [:], clusterNetwork: String? = nil, homeNamespace: String? = nil
    ) {
        self.key = key
        self.interface = interface
        self.nodeName = nodeName
        self.labels = labels
        self.annotations = annotations
        self.clusterNetwork = clusterNetwork
        self.homeNamespace = homeNamespace
    }
}
