public import JSONTree

/// Names an object from anywhere in the cluster (core/v1 `ObjectReference`).
public struct ObjectReference: Sendable, Hashable {
    /// Group and version, such as `v1`.
    public var apiVersion: String
    /// The kind.
    public var kind: String
    /// The namespace; `nil` for kinds without.
    public var namespace: String?
    /// The name.
    public var name: String
    /// The UID; `nil` when any object of that name is meant.
    public var uid: String?
    /// The version that was looked at.
    public var resourceVersion: String?

    /// Makes a reference.
    public init(
        apiVersion: String, kind: String, namespace: String? = nil, name: String, uid: String? = nil,
        resourceVersion: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    /// Refers to an object.
    public init<Object: KubeObject>(to object: Object) {
        self.init(metadata: object.metadata, of: Object.resource)
    }

    /// Refers to the object with that metadata.
    public init(metadata: KubeMetadata, of resource: ResourceDefinition) {
        self.init(
            apiVersion: resource.apiVersion, kind: resource.kind, namespace: metadata.namespace, name: metadata.name,
            uid: metadata.uid, resourceVersion: metadata.resourceVersion)
    }

    init(_ reader: JSONFieldReader?) throws(JSONFieldError) {
        apiVersion = try reader?.string(at: "apiVersion") ?? ""
        kind = try reader?.string(at: "kind") ?? ""
        namespace = try reader?.string(at: "namespace")
        name = try reader?.string(at: "name") ?? ""
        uid = try reader?.string(at: "uid")
        resourceVersion = try reader?.string(at: "resourceVersion")
    }

    /// The reference as it is written.
    public var json: JSONValue {
        var object: JSONObject = ["apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name)]
        if let namespace { object.set("namespace", .string(namespace)) }
        if let uid { object.set("uid", .string(uid)) }
        if let resourceVersion { object.set("resourceVersion", .string(resourceVersion)) }
        return .object(object)
    }
}
