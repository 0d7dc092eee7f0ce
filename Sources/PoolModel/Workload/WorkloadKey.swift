/// How a workload is recognised when it asks for an address: what the runtime says about it.
public struct WorkloadKey: Sendable, Hashable {
    /// The container's ID.
    public var containerID: String
    /// The name of the CNI network.
    public var network: String
    /// The Pod's namespace; `nil` when the runtime does not name one.
    public var podNamespace: String?
    /// The Pod's name; `nil` when the runtime does not name one.
    public var podName: String?
    /// The name that the caller gives as an argument; `nil` without one.
    public var name: String?

    /// Makes a key; empty texts are the same as none.
    public init(
        containerID: String, network: String, podNamespace: String? = nil, podName: String? = nil, name: String? = nil
    ) {
        self.containerID = containerID
        self.network = network
        self.podNamespace = podNamespace.flatMap { $0.isEmpty ? nil : $0 }
        self.podName = podName.flatMap { $0.isEmpty ? nil : $0 }
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
    }
}
