internal import JSONTree

/// What a watch says, before anybody reads the objects.
enum RawWatchEvent {
    case added(JSONValue)
    case modified(JSONValue)
    case deleted(JSONValue)
    case bookmark(String)
    /// The connection ended before its time and a new one is there, or will be: the server may be another one now.
    case interrupted(KubeError?)

    /// Reads a line.
    ///
    /// - Throws: ``KubeError`` for an error that the server reports in the stream, and for what is no event.
    init(_ line: ArraySlice<UInt8>, _ subject: RequestSubject) throws(KubeError) {
        let tree: JSONValue
        do throws(JSONParseError) {
            tree = try JSONValue(parsing: line.span, limits: JSONLimits(maximumBytes: line.count))
        } catch {
            throw KubeError(.malformed, subject, problem: "an event is not JSON: \(error)")
        }
        guard let object = tree["object"], let type = tree["type"]?.stringValue else {
            throw KubeError(.malformed, subject, problem: "an event has no type or no object")
        }
        switch type {
        case "ADDED": self = .added(object)
        case "MODIFIED": self = .modified(object)
        case "DELETED": self = .deleted(object)
        case "BOOKMARK":
            guard let version = object.resourceVersion else {
                throw KubeError(.malformed, subject, problem: "a bookmark has no resource version")
            }
            self = .bookmark(version)
        case "ERROR":
            throw KubeError(subject, status: object["code"]?.int64Value.map(Int.init(clamping:)) ?? 500, body: object)
        default: throw KubeError(.malformed, subject, problem: "an event has the unknown type \"\(type)\"")
        }
    }

    /// The resource version that a watch may begin at afterwards.
    var resourceVersion: String? {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object): object.resourceVersion
        case .bookmark(let version): version
        case .interrupted: nil
        }
    }
}

extension JSONValue {
    /// The member `metadata.resourceVersion`.
    var resourceVersion: String? { self["metadata"]?["resourceVersion"]?.stringValue }
}
