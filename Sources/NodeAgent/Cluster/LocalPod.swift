internal import IPAMCore
public import KubeClient

/// A Pod of this node, as far as addresses depend on it.
public struct LocalPod: Sendable, Equatable {
    /// Namespace and name.
    public let name: PodName
    /// Its UID.
    public let uid: String
    /// The node it is bound to; `nil` before it is scheduled.
    public let node: String?
    /// Its labels.
    public let labels: [String: String]
    /// Its annotations.
    public let annotations: [String: String]
    /// The object that manages it; `nil` when nobody does.
    public let controller: OwnerReference?
    /// Whether it may use addresses: nobody deleted it, and it is not finished.
    public let isAlive: Bool

    /// Takes from a Pod what matters; `nil` for one without a UID, which no server gives out.
    public init?(_ pod: Pod) {
        guard let uid = pod.metadata.uid else { return nil }
        name = PodName(namespace: pod.metadata.namespace ?? "", name: pod.metadata.name)
        self.uid = uid
        node = pod.nodeName
        labels = pod.metadata.labels
        annotations = pod.metadata.annotations
        controller = pod.metadata.controller
        isAlive = pod.isAlive
    }

    /// The Pod as Events refer to it.
    var reference: ObjectReference {
        ObjectReference(apiVersion: "v1", kind: "Pod", namespace: name.namespace, name: name.name, uid: uid)
    }

    /// The Pod as the owner of objects that go with it.
    var ownerReference: OwnerReference {
        OwnerReference(apiVersion: "v1", kind: "Pod", name: name.name, uid: uid)
    }
}
