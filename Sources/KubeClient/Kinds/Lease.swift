public import IPAMCore
public import JSONTree

/// A lease: who holds something, and until when (coordination.k8s.io/v1).
public struct Lease: KubeObject, Equatable {
    /// `leases`.
    public static let resource = ResourceDefinition(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases", isNamespaced: true)

    /// The whole object as it was read; ``json`` has the fields below in it.
    private let original: JSONValue
    /// Name, version, labels and the like.
    public var metadata: KubeMetadata
    /// Who holds it; `nil` or empty when nobody does.
    public var holder: String?
    /// How long it holds without being renewed, in seconds.
    public var durationSeconds: Int64?
    /// When the holder took it.
    public var acquireTime: Timestamp?
    /// When the holder renewed it last.
    public var renewTime: Timestamp?
    /// How often it changed hands.
    public var transitions: Int64

    /// Makes a lease that nobody holds.
    public init(name: String, namespace: String) {
        original = ["apiVersion": "coordination.k8s.io/v1", "kind": "Lease"]
        metadata = KubeMetadata(name: name, namespace: namespace)
        transitions = 0
    }

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(json: JSONValue) throws(JSONFieldError) {
        let root = try JSONFieldReader(json)
        original = json
        metadata = try KubeMetadata(of: json)
        let spec = try root.object(at: "spec")
        holder = try spec?.string(at: "holderIdentity")
        durationSeconds = try spec?.integer(at: "leaseDurationSeconds")
        acquireTime = try spec?.parsed(at: "acquireTime", expected: "a time") { Timestamp(rfc3339: $0) }
        renewTime = try spec?.parsed(at: "renewTime", expected: "a time") { Timestamp(rfc3339: $0) }
        transitions = try spec?.integer(at: "leaseTransitions") ?? 0
    }

    /// The object as it is written.
    public var json: JSONValue {
        var spec = original["spec"]?.objectValue ?? [:]
        spec["holderIdentity"] = holder.map(JSONValue.string)
        spec["leaseDurationSeconds"] = durationSeconds.map { .integer($0) }
        spec["acquireTime"] = acquireTime.map { .string($0.microTime) }
        spec["renewTime"] = renewTime.map { .string($0.microTime) }
        spec.set("leaseTransitions", .integer(transitions))
        var object = original
        object["apiVersion"] = .string(Self.resource.apiVersion)
        object["kind"] = .string(Self.resource.kind)
        object["metadata"] = metadata.json
        object["spec"] = .object(spec)
        return object
    }
}
