public import JSONTree

/// A namespace, of which the labels and annotations are read (core/v1).
public struct Namespace: KubeObject, Equatable {
    /// `namespaces`.
    public static let resource = ResourceDefinition(
        version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)

    /// The whole object.
    public let json: JSONValue
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(json: JSONValue) throws(JSONFieldError) {
        self.json = json
        metadata = try KubeMetadata(of: json)
    }
}
