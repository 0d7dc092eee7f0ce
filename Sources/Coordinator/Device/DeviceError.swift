/// Why devices of the node are not, and will not be made, what a configuration asks for.
///
/// ```text
/// Link not found: ens9; interfaces[1]: there is no ens9 on this node: correct the name, or load its driver
/// └─ message ────────┘  └─ details: which field, what is there, what to do ─────────────────────────────┘
/// ```
public struct DeviceError: Error, Sendable, Hashable {
    /// What kind of refusal it is; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The text that stands for the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The configuration asks for something that cannot be.
        public static let configuration = Self(rawValue: "configuration")
        /// An option that nobody knows.
        public static let unknownOption = Self(rawValue: "unknown option")
        /// An interface that is needed is not there.
        public static let missing = Self(rawValue: "missing")
        /// A device is there and differs from what is asked for.
        public static let mismatch = Self(rawValue: "mismatch")
        /// An interface is needed by somebody else, so that taking it would break something.
        public static let inUse = Self(rawValue: "in use")
        /// The kernel refused.
        public static let kernel = Self(rawValue: "kernel")
        /// The kernel does not know the kind of device.
        public static let notSupported = Self(rawValue: "not supported")
        /// Others changed the same devices at the same time; trying again helps.
        public static let unsettled = Self(rawValue: "unsettled")
    }

    /// What kind of refusal it is.
    public let code: Code
    /// Short and stable.
    public let message: String
    /// Which field it is about, what was found, and what to do.
    public let details: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: What kind of refusal it is.
    ///   - message: Short and stable.
    ///   - details: Which field it is about, what was found, and what to do.
    public init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension DeviceError: CustomStringConvertible {
    /// `message; details`.
    public var description: String { details.isEmpty ? message : "\(message); \(details)" }
}
