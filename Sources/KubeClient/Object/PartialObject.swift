public import JSONTree

/// The metadata of an object and nothing else (`meta.k8s.io/v1 PartialObjectMetadata`).
///
/// The server leaves everything else out, so a list of objects with a large status stays small.
public struct PartialObject: KubeDocument, Equatable {
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` when its metadata are wrong.
    public init(json: JSONValue) throws(JSONFieldError) {
        var metadata = try KubeMetadata(of: json)
        metadata.other.remove("managedFields")
        self.metadata = metadata
    }

    /// The metadata as an object of their own kind.
    public var json: JSONValue {
        ["apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata", "metadata": metadata.json]
    }
}
