public import JSONTree

/// Something that the API server stores or answers with: a tree with metadata.
///
/// A type reads the members it needs and keeps all others, so that an object can be written back whole.
public protocol KubeDocument: Sendable {
    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    init(json: JSONValue) throws(JSONFieldError)

    /// The object as it is written.
    var json: JSONValue { get }

    /// Name, version, labels and the like.
    var metadata: KubeMetadata { get }
}

/// A kind that a type stands for.
public protocol KubeObject: KubeDocument {
    /// Where the kind lives in the API.
    static var resource: ResourceDefinition { get }
}

extension KubeDocument {
    /// The namespace and name.
    public var key: ObjectKey { ObjectKey(namespace: metadata.namespace, name: metadata.name) }
}
