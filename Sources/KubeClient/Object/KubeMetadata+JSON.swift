internal import IPAMCore
public import JSONTree

extension KubeMetadata {
    private static let known = [
        "name", "namespace", "generateName", "uid", "resourceVersion", "generation", "labels", "annotations",
        "ownerReferences", "finalizers", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    ]

    /// Reads the member `metadata` of an object.
    ///
    /// - Throws: `JSONFieldError` when it is missing or wrong.
    public init(of json: JSONValue) throws(JSONFieldError) {
        let root = try JSONFieldReader(json)
        try self.init(reading: root.required("metadata", root.object(at: "metadata"), expected: "an object"))
    }

    /// Reads metadata.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(reading reader: JSONFieldReader) throws(JSONFieldError) {
        func time(_ key: String) throws(JSONFieldError) -> Timestamp? {
            try reader.parsed(at: key, expected: "a time as RFC 3339 writes it") { Timestamp(rfc3339: $0) }
        }
        name = try reader.string(at: "name") ?? ""
        namespace = try reader.string(at: "namespace")
        generateName = try reader.string(at: "generateName")
        uid = try reader.string(at: "uid")
        resourceVersion = try reader.string(at: "resourceVersion")
        generation = try reader.integer(at: "generation")
        labels = try reader.stringMap(at: "labels") ?? [:]
        annotations = try reader.stringMap(at: "annotations") ?? [:]
        var owners: [OwnerReference] = []
        for owner in try reader.objects(at: "ownerReferences") ?? [] { owners.append(try OwnerReference(owner)) }
        ownerReferences = owners
        finalizers = try reader.strings(at: "finalizers") ?? []
        creationTimestamp = try time("creationTimestamp")
        deletionTimestamp = try time("deletionTimestamp")
        deletionGraceSeconds = try reader.integer(at: "deletionGracePeriodSeconds")
        other = JSONObject(reader.object.members.filter { !Self.known.contains($0.key) }.map { ($0.key, $0.value) })
    }

    /// The metadata as they are written, what this library does not know included.
    public var json: JSONValue {
        var object = JSONObject()
        func map(_ values: [String: String]) -> JSONValue {
            .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        if !name.isEmpty { object.set("name", .string(name)) }
        if let namespace { object.set("namespace", .string(namespace)) }
        if let generateName { object.set("generateName", .string(generateName)) }
        if let uid { object.set("uid", .string(uid)) }
        if let resourceVersion { object.set("resourceVersion", .string(resourceVersion)) }
        if let generation { object.set("generation", .integer(generation)) }
        if !labels.isEmpty { object.set("labels", map(labels)) }
        if !annotations.isEmpty { object.set("annotations", map(annotations)) }
        if !ownerReferences.isEmpty { object.set("ownerReferences", .array(ownerReferences.map(\.json))) }
        if !finalizers.isEmpty { object.set("finalizers", .strings(finalizers)) }
        if let creationTimestamp { object.set("creationTimestamp", .string(creationTimestamp.description)) }
        if let deletionTimestamp { object.set("deletionTimestamp", .string(deletionTimestamp.description)) }
        if let deletionGraceSeconds { object.set("deletionGracePeriodSeconds", .integer(deletionGraceSeconds)) }
        for member in other.members { object.set(member.key, member.value) }
        return .object(object)
    }
}
