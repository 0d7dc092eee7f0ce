/// What a ``WorkloadFile`` says about one workload and its surroundings. What is `nil` the file does not say.
public struct WorkloadFacts: Sendable, Hashable {
    /// The name under which the workload keeps its addresses over restarts.
    public var identity: String?
    /// The namespace that the workload counts to.
    public var namespace: String?
    /// The labels, as a Pod's.
    public var labels: [String: String]?
    /// The annotations, as a Pod's.
    public var annotations: [String: String]
    /// The labels of the namespace.
    public var namespaceLabels: [String: String]?
    /// The annotations of the namespace.
    public var namespaceAnnotations: [String: String]
    /// The labels of this node.
    public var nodeLabels: [String: String]?
    /// What is wrong in what the file says about the workload; it must not be served then.
    public var problems: [FieldError]

    /// Nothing is said.
    public init() {
        annotations = [:]
        namespaceAnnotations = [:]
        problems = []
    }
}
