public import JSONTree

/// What every object carries besides its own fields, `metav1.ObjectMeta` of Kubernetes.
public struct ObjectMetadata: Sendable, Equatable {
    /// The name, a lower-case RFC 1123 subdomain of at most 253 bytes.
    public var name: String
    /// Labels, by which objects are selected.
    public var labels: [String: String]
    /// Annotations, notes of people and programs.
    public var annotations: [String: String]
    /// Who has to agree before the object disappears.
    public var finalizers: [String]
    /// When the object was created, as RFC 3339 text.
    public var creationTimestamp: String?
    /// When deletion was asked for, as RFC 3339 text; `nil` while nobody did.
    public var deletionTimestamp: String?
    /// The identity of this object among all that ever had its name.
    public var uid: String?
    /// The version of the stored object, opaque.
    public var resourceVersion: String?
    /// Counts the changes of the specification.
    public var generation: Int64?
    /// Members that this library does not look at, kept as they are: owner references and the like.
    public var others: JSONObject

    /// Makes metadata.
    public init(
        name: String, labels: [String: String] = [:], annotations: [String: String] = [:], finalizers: [String] = []
    ) {
        self.name = name
        self.labels = labels
        self.annotations = annotations
        self.finalizers = finalizers
        others = [:]
    }

    /// Whether deletion was asked for.
    public var isTerminating: Bool { deletionTimestamp != nil }

    /// Whether the project's finalizer is there.
    public var hasFinalizer: Bool { finalizers.contains(ResourceKind.finalizer) }
}

extension ObjectMetadata {
    private static let known = [
        "name", "labels", "annotations", "finalizers", "creationTimestamp", "deletionTimestamp", "uid",
        "resourceVersion", "generation",
    ]

    /// Reads the member `metadata` of a manifest; mistakes are noted.
    init(in root: JSONFieldReader, fields: inout FieldCollector) {
        self.init(name: "")
        let section = fields.requiredObject(at: "metadata", in: root)
        guard let reader = section else { return }
        name = fields.requiredString(at: "name", in: reader) ?? ""
        labels = fields.stringMap(at: "labels", in: reader) ?? [:]
        annotations = fields.stringMap(at: "annotations", in: reader) ?? [:]
        finalizers = fields.strings(at: "finalizers", in: reader) ?? []
        creationTimestamp = Self.timestamp(at: "creationTimestamp", in: reader, fields: &fields)
        deletionTimestamp = Self.timestamp(at: "deletionTimestamp", in: reader, fields: &fields)
        uid = fields.string(at: "uid", in: reader)
        resourceVersion = fields.string(at: "resourceVersion", in: reader)
        generation = fields.count(at: "generation", in: reader)
        others = JSONObject(reader.object.members.filter { !Self.known.contains($0.key) }.map { ($0.key, $0.value) })
    }

    private static func timestamp(
        at key: String, in reader: JSONFieldReader, fields: inout FieldCollector
    ) -> String? {
        guard let text = fields.string(at: key, in: reader) else { return nil }
        guard Timestamp.isRFC3339(text) else {
            fields.add(
                .invalid, at: reader.path(of: key), value: text,
                "not an RFC 3339 time; write it like \"2026-01-31T12:00:00Z\"")
            return nil
        }
        return text
    }

    /// The member `metadata` of a manifest.
    var tree: JSONValue {
        var object: JSONObject = ["name": .string(name)]
        if !labels.isEmpty { object["labels"] = .stringMap(labels) }
        if !annotations.isEmpty { object["annotations"] = .stringMap(annotations) }
        if !finalizers.isEmpty { object["finalizers"] = .strings(finalizers) }
        object["creationTimestamp"] = creationTimestamp.map(JSONValue.string)
        object["deletionTimestamp"] = deletionTimestamp.map(JSONValue.string)
        object["uid"] = uid.map(JSONValue.string)
        object["resourceVersion"] = resourceVersion.map(JSONValue.string)
        object["generation"] = generation.map { JSONValue.integer($0) }
        for member in others.members { object[member.key] = member.value }
        return .object(object)
    }
}

extension JSONValue {
    /// An object of strings, by key.
    static func stringMap(_ map: [String: String]) -> JSONValue {
        .object(JSONObject(map.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
}
