public import NetlinkKit

/// Why interfaces were not coordinated.
public struct CoordinationError: Error, Sendable, Hashable {
    /// What kind of refusal it is; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The text that stands for the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What kind of refusal it is.
    public let code: Code
    /// What was refused, in words that do not change.
    public let message: String
    /// What exactly was found, and what to do.
    public let detail: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: What kind of refusal it is.
    ///   - message: What was refused.
    ///   - detail: What exactly was found, and what to do.
    public init(_ code: Code, _ message: String, detail: String = "") {
        self.code = code
        self.message = message
        self.detail = detail
    }

    /// Makes an error from a refusal of the kernel.
    ///
    /// - Parameter error: What the kernel said.
    public init(_ error: NetlinkError) {
        self.init(.kernel, "the kernel refused an operation", detail: "\(error)")
    }
}

extension CoordinationError.Code {
    /// The settings contradict what is in the Pod.
    public static let settings = Self(rawValue: "settings")
    /// An interface is not there, or has no address.
    public static let missing = Self(rawValue: "missing")
    /// A link is there that is not what it should be.
    public static let mismatch = Self(rawValue: "mismatch")
    /// The kernel refused.
    public static let kernel = Self(rawValue: "kernel")
    /// Something is not as it was made.
    public static let different = Self(rawValue: "different")
}

extension CoordinationError: CustomStringConvertible {
    /// `message: detail`.
    public var description: String { detail.isEmpty ? message : "\(message): \(detail)" }
}
