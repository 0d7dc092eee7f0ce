public import IPAMCore
public import JSONTree

/// What every object carries besides its content (`metav1.ObjectMeta`).
public struct KubeMetadata: Sendable, Equatable {
    /// The name; empty when ``generateName`` is to make one.
    public var name: String
    /// The namespace; `nil` for kinds without.
    public var namespace: String?
    /// The start of a name that the server makes.
    public var generateName: String?
    /// The identity over all times.
    public var uid: String?
    /// The version that a conditional write is compared with: opaque, never a number to count with.
    public var resourceVersion: String?
    /// Rises with every change of what is asked for.
    public var generation: Int64?
    /// The labels.
    public var labels: [String: String]
    /// The annotations.
    public var annotations: [String: String]
    /// Whom the object belongs to.
    public var ownerReferences: [OwnerReference]
    /// Who has work to do before the object may go.
    public var finalizers: [String]
    /// When it was made.
    public var creationTimestamp: Timestamp?
    /// When it is to be gone, its grace included; `nil` while nobody deleted it.
    public var deletionTimestamp: Timestamp?
    /// The grace it was given when it was deleted, in seconds.
    public var deletionGraceSeconds: Int64?
    /// All other members.
    public var other: JSONObject

    /// Makes the metadata of an object that is to be created.
    public init(
        name: String, namespace: String? = nil, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.annotations = annotations
        ownerReferences = []
        finalizers = []
        other = [:]
    }

    /// Whether somebody deleted the object and it is not gone yet.
    public var isTerminating: Bool { deletionTimestamp != nil }

    /// The owner that manages the object, if there is one.
    public var controller: OwnerReference? { ownerReferences.first(where: \.isController) }
}
