public import IPAMCore
public import JSONTree

/// An event: something that happened to an object, for people to read (core/v1 `Event`).
public struct KubeEvent: KubeObject, Equatable {
    /// `events`.
    public static let resource = ResourceDefinition(
        version: "v1", kind: "Event", plural: "events", isNamespaced: true)

    /// How serious an event is; an open set.
    public struct Severity: RawRepresentable, Sendable, Hashable {
        /// The text that is written.
        public let rawValue: String

        /// Makes a severity from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Nothing to worry about.
        public static let normal = Self(rawValue: "Normal")
        /// Somebody should look.
        public static let warning = Self(rawValue: "Warning")
    }

    /// The whole object.
    public let json: JSONValue
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata
    /// How serious it is.
    public let severity: Severity
    /// One word in camel case, for programs.
    public let reason: String
    /// What happened, for people.
    public let message: String
    /// How often it happened.
    public let count: Int64
    /// What it happened to.
    public let about: ObjectReference
    /// The component that reports it.
    public let component: String
    /// When it happened last.
    public let lastTimestamp: Timestamp?

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(json: JSONValue) throws(JSONFieldError) {
        let root = try JSONFieldReader(json)
        self.json = json
        metadata = try KubeMetadata(of: json)
        severity = Severity(rawValue: try root.string(at: "type") ?? "Normal")
        reason = try root.string(at: "reason") ?? ""
        message = try root.string(at: "message") ?? ""
        count = try root.integer(at: "count") ?? 1
        about = try ObjectReference(root.object(at: "involvedObject"))
        component = try root.object(at: "source")?.string(at: "component") ?? ""
        lastTimestamp = try root.parsed(at: "lastTimestamp", expected: "a time") { Timestamp(rfc3339: $0) }
    }
}
