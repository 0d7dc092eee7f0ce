public import JSONTree

/// A node (core/v1).
public struct Node: KubeObject, Equatable {
    /// `nodes`.
    public static let resource = ResourceDefinition(version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)

    /// The whole object.
    public let json: JSONValue
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata
    /// Whether its condition `Ready` is true; `nil` when it has none, or the state is unknown.
    public let isReady: Bool?

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(json: JSONValue) throws(JSONFieldError) {
        let root = try JSONFieldReader(json)
        self.json = json
        metadata = try KubeMetadata(of: json)
        var isReady: Bool?
        for condition in try root.object(at: "status")?.objects(at: "conditions") ?? [] {
            guard try condition.string(at: "type") == "Ready" else { continue }
            let status = try condition.string(at: "status")
            isReady = status == "True" ? true : status == "False" ? false : nil
        }
        self.isReady = isReady
    }
}
