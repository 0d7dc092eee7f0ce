public import JSONTree

/// A StatefulSet, as far as it decides which of its Pods keep their addresses (apps/v1).
public struct StatefulSet: KubeObject, Equatable {
    /// `statefulsets`.
    public static let resource = ResourceDefinition(
        group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets", isNamespaced: true)

    /// The whole object.
    public let json: JSONValue
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata
    /// How many Pods it has.
    public let replicas: Int64
    /// The number of the first Pod.
    public let firstOrdinal: Int64

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(json: JSONValue) throws(JSONFieldError) {
        let root = try JSONFieldReader(json)
        self.json = json
        metadata = try KubeMetadata(of: json)
        let spec = try root.object(at: "spec")
        replicas = try spec?.integer(at: "replicas", in: 0...Int64(Int32.max)) ?? 1
        firstOrdinal = try spec?.object(at: "ordinals")?.integer(at: "start", in: 0...Int64(Int32.max)) ?? 0
    }

    /// Whether a Pod of that name belongs to the set as it is now: `web-0` to `web-4` for a set `web` of five.
    public func owns(podNamed name: String) -> Bool {
        guard let dash = name.lastIndex(of: "-"), name[..<dash] == metadata.name else { return false }
        let digits = name[name.index(after: dash)...]
        guard let ordinal = Int32(digits), String(ordinal) == digits, ordinal >= 0 else { return false }
        return Int64(ordinal) >= firstOrdinal && Int64(ordinal) < firstOrdinal + replicas
    }
}
