public import JSONTree

/// A ReplicaSet, of which the owner is read (apps/v1).
public struct ReplicaSet: KubeObject, Equatable {
    /// `replicasets`.
    public static let resource = ResourceDefinition(
        group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets", isNamespaced: true)

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
