public import JSONTree

/// A Job, of which the owner is read (batch/v1).
public struct Job: KubeObject, Equatable {
    /// `jobs`.
    public static let resource = ResourceDefinition(
        group: "batch", version: "v1", kind: "Job", plural: "jobs", isNamespaced: true)

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
