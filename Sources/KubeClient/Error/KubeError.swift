/// Why a request to the API server did not do what was asked, in one line that says what to do.
public struct KubeError: Error, Sendable, Hashable {
    /// What went wrong; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// One reason of a refusal, as the server gives it in `details.causes`.
    public struct Cause: Sendable, Hashable {
        /// The path of the field at fault, such as `spec.subnet`; empty when the server names none.
        public let field: String
        /// The machine-readable reason, such as `FieldValueInvalid`.
        public let reason: String
        /// What is wrong.
        public let message: String
    }

    /// What went wrong.
    public let code: Code
    /// What was to be done: `get`, `list`, `create`, `replace`, `patch`, `delete`, `watch`, or another word.
    public let verb: String
    /// The plural of the kind, with its group: `spideripblocks.spiderpool.spidernet.io`; the file for configurations.
    public let resource: String
    /// The name of the object, `namespace/name` where it has one; `nil` for lists and watches.
    public let name: String?
    /// The HTTP status; `nil` when the server did not answer.
    public let status: Int?
    /// The server's `reason`, such as `AlreadyExists`.
    public let reason: String?
    /// What is wrong in words: the server's, or ours when there was no answer.
    public let problem: String
    /// The single reasons of a refusal.
    public let causes: [Cause]
    /// How long the server asks to wait.
    public let retryAfter: Duration?
    /// Whether the write may have happened all the same: its answer was lost. Read the object to know.
    public let mayHaveBeenApplied: Bool

    init(
        _ code: Code, _ subject: RequestSubject, problem: String, status: Int? = nil, reason: String? = nil,
        causes: [Cause] = [], retryAfter: Duration? = nil, mayHaveBeenApplied: Bool = false
    ) {
        self.code = code
        verb = subject.verb
        resource = subject.resource
        name = subject.name
        self.status = status
        self.reason = reason
        self.problem = problem
        self.causes = causes
        self.retryAfter = retryAfter
        self.mayHaveBeenApplied = mayHaveBeenApplied
    }

    /// Whether the same request may succeed later without anybody changing anything.
    public var isTransient: Bool { Code.transient.contains(code) }
}

extension KubeError: CustomStringConvertible {
    /// `get pods "shop/web-0": not found: …`: one line, without secrets.
    public var description: String {
        let subject = [verb, resource, name.map { "\"\($0)\"" }].compactMap(\.self).joined(separator: " ")
        let details = [problem, advice].compactMap(\.self).joined(separator: "; ")
        return "\(subject): \(code.rawValue): \(details)".singleLine
    }

    /// What to do about it, where that is not obvious.
    private var advice: String? {
        switch code {
        case .forbidden: "grant it with a Role or ClusterRole and bind that to this identity"
        case .unauthorized: "check the token or client certificate that the configuration names"
        case .unreachable: "check that the server runs and that this machine may reach it"
        case .conflict where verb != "delete": "read the object again and repeat the change on what it is now"
        case .timeout where mayHaveBeenApplied: "the change may have been made; read the object"
        case .unreachable where mayHaveBeenApplied: "the change may have been made; read the object"
        case .tooManyRequests: retryAfter.map { "try again in \($0)" } ?? "try again later"
        default: nil
        }
    }
}

extension String {
    /// The text with its line breaks replaced, not longer than 2,000 bytes.
    var singleLine: String {
        let text = utf8.count > 2000 ? String(decoding: utf8.prefix(2000), as: UTF8.self) + "…" : self
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }
}
