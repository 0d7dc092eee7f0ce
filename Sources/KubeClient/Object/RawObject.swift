public import JSONTree

/// An object of any kind, as it is.
public struct RawObject: KubeDocument, Equatable {
    /// The whole object; a change of its metadata here does not reach ``metadata``.
    public let json: JSONValue
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` when its metadata are wrong.
    public init(json: JSONValue) throws(JSONFieldError) {
        self.json = json
        metadata = try KubeMetadata(of: json)
    }

    /// Group and version, such as `apps/v1`; empty within lists, where the server leaves it out.
    public var apiVersion: String { json["apiVersion"]?.stringValue ?? "" }

    /// The kind; empty within lists.
    public var kind: String { json["kind"]?.stringValue ?? "" }
}
