/// Why there is no answer of the agent, or why it is a refusal.
///
/// ```text
/// GET /v1/coordinator/config at /var/run/spidernet/spiderpool.sock: there is no such file; is the spiderpool-agent of …
/// └─ request ──────────────┘    └─ path ──────────────────────────┘  └─ detail, with what to do ─────────────────────
/// ```
public struct AgentLinkError: Error, Sendable, Hashable {
    /// What kind of failure it is; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The text that stands for the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What kind of failure it is.
    public let code: Code

    /// The socket.
    public let path: String

    /// What was asked, for example `GET /v1/ipam/healthy`.
    public let request: String

    /// The status of the reply; `nil` when there was none.
    public let status: Int?

    /// What is wrong and what to do, or the agent's words.
    public let detail: String
}

extension AgentLinkError.Code {
    /// Nobody listens on the socket, or it may not be used.
    public static let unreachable = Self(rawValue: "unreachable")
    /// The deadline came before the reply was whole. The agent may have done what was asked.
    public static let timedOut = Self(rawValue: "timed out")
    /// The connection ended before the reply was whole. The agent may have done what was asked.
    public static let disconnected = Self(rawValue: "disconnected")
    /// What came is not a reply, or is larger than one may be.
    public static let malformed = Self(rawValue: "malformed")
    /// The agent replied with a status other than 200.
    public static let refused = Self(rawValue: "refused")
}

extension AgentLinkError: CustomStringConvertible {
    /// `request at path: detail`, in one line.
    public var description: String { "\(request) at \(path): \(status.map { "status \($0): " } ?? "")\(detail)" }
}

/// A failure whose place its thrower does not know.
struct Failure: Error, Equatable {
    let code: AgentLinkError.Code
    let detail: String
    let status: Int?

    init(_ code: AgentLinkError.Code, _ detail: String, status: Int? = nil) {
        self.code = code
        self.detail = detail
        self.status = status
    }

    /// What came is not a reply.
    static func malformed(_ flaw: String) -> Self { Self(.malformed, "the reply is not HTTP/1.1: \(flaw)") }

    /// The error that tells it.
    func named(path: String, request: String) -> AgentLinkError {
        AgentLinkError(code: code, path: path, request: request, status: status, detail: detail)
    }
}
