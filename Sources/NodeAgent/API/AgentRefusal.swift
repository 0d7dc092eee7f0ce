internal import JSONTree

/// Why a request is not served, as the caller is told.
public struct AgentRefusal: Error, Sendable, Hashable {
    /// The status of the reply.
    public var status: Int
    /// The reason in one line; for what the schema forbids, see ``schemaCode``.
    public var reason: String
    /// The number that callers know flaws of a request by; such a refusal is an object instead of a bare text.
    public var schemaCode: Int?

    /// Makes a refusal.
    ///
    /// - Parameters:
    ///   - status: The status of the reply.
    ///   - reason: The reason in one line.
    public init(status: Int = 500, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// The release of a stateless workload's addresses is switched off (`SPIDERPOOL_ENABLED_RELEASE_CONFLICT_IPS`).
    public static func statelessReleaseForbidden(_ reason: String) -> Self { Self(status: 521, reason) }

    /// A stateful workload keeps its addresses, whoever else uses them.
    public static func statefulReleaseForbidden(_ reason: String) -> Self { Self(status: 522, reason) }

    /// A flaw of the request.
    static func flaw(_ status: Int, code: Int, _ message: String) -> Self {
        var refusal = Self(status: status, message)
        refusal.schemaCode = code
        return refusal
    }

    /// A required member is missing.
    static func missing(_ name: String, in place: String) -> Self {
        flaw(422, code: 602, "\(name) in \(place) is required")
    }

    /// A member holds something else than it must.
    init(_ error: JSONFieldError) {
        let path = "\(error.path)"
        guard let kind = error.actualKind else {
            self = .missing(path, in: "body")
            return
        }
        let place = path.isEmpty ? "body" : "\(path) in body"
        self = .flaw(422, code: 601, "\(place) must be \(error.expected), got \(kind) \(error.actual ?? "")")
    }

    /// The body of the reply.
    var body: JSONValue {
        guard let schemaCode else { return .string(reason) }
        return ["code": .integer(schemaCode), "message": .string(reason)]
    }
}

extension AgentRefusal: CustomStringConvertible {
    /// The reason.
    public var description: String { reason }
}
