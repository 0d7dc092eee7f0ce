internal import KubeClient
internal import PoolModel

/// The application that a Pod belongs to: its controller, or the controller of that (ipam.md §5 of the reference's
/// behaviour: one further level, and only within the built-in kinds).
public struct TopController: Sendable, Hashable {
    /// Group and version, such as `apps/v1`.
    public var apiVersion: String
    /// The kind.
    public var kind: String
    /// The name; the namespace is that of the Pod.
    public var name: String
    /// The UID.
    public var uid: String

    /// Makes a controller.
    public init(apiVersion: String, kind: String, name: String, uid: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
    }

    init(_ reference: OwnerReference) {
        self.init(apiVersion: reference.apiVersion, kind: reference.kind, name: reference.name, uid: reference.uid)
    }

    /// A Pod that nobody manages is its own.
    init(_ pod: LocalPod) { self.init(apiVersion: "v1", kind: "Pod", name: pod.name.name, uid: pod.uid) }

    /// The kind above this one that has to be looked up; `nil` when this is the top already.
    var parent: (apiVersion: String, kind: String)? {
        switch (apiVersion, kind) {
        case ("apps/v1", "ReplicaSet"): ("apps/v1", "Deployment")
        case ("batch/v1", "Job"): ("batch/v1", "CronJob")
        default: nil
        }
    }

    /// The identity for the affinity of automatic pools.
    func application(in namespace: String) -> ApplicationIdentity {
        let parts = apiVersion.split(separator: "/", maxSplits: 1).map(String.init)
        let (group, version) = parts.count == 2 ? (parts[0], parts[1]) : ("", apiVersion)
        return ApplicationIdentity(group: group, version: version, kind: kind, namespace: namespace, name: name)
    }
}
