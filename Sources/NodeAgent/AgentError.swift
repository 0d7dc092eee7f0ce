internal import Glibc

/// Why the agent cannot run.
public struct AgentError: Error, Sendable, Hashable {
    /// What is wrong; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The text that stands for the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A setting is wrong or missing.
        public static let configuration = Self(rawValue: "configuration")
        /// Somebody or something else is where the socket belongs.
        public static let socketInUse = Self(rawValue: "socket in use")
        /// The system refused something.
        public static let system = Self(rawValue: "system")
    }

    /// What is wrong.
    public let code: Code
    /// What exactly, with what to do.
    public let detail: String

    /// Makes an error.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    static func system(_ what: String, _ number: CInt) -> Self {
        Self(.system, "\(what): \(String(cString: strerror(number)))")
    }
}

extension AgentError: CustomStringConvertible {
    /// One line.
    public var description: String { detail }
}
