/// A refusal as the runtime shows it to a person: a code, a short stable message, and what exactly was wrong.
///
/// ```json
/// {"cniVersion":"1.0.0","code":7,"msg":"invalid network config","details":"ipam.mtu: expected an integer, got string \"x\""}
/// ```
public struct CNIError: Error, Sendable, Hashable {
    /// The number that tells runtimes what to do; an open set, since plugins forward each other's errors.
    ///
    /// The protocol defines 1 to 99; from 100 on they are a plugin's own.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The number in the error object.
        public let rawValue: UInt32

        /// Makes a code from its number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
    }

    /// What kind of refusal it is.
    public let code: Code

    /// Short and stable text; runtimes show `message; details`.
    public let message: String

    /// What exactly was wrong, with the field, the value, and what would serve; may be empty.
    public let details: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension CNIError.Code {
    /// The version of the configuration is not spoken, or does not know the command.
    public static let incompatibleVersion = Self(rawValue: 1)
    /// A key or value that is not supported; details name both.
    public static let unsupportedField = Self(rawValue: 2)
    /// The container does not exist; the runtime need not clean up.
    public static let unknownContainer = Self(rawValue: 3)
    /// An environment variable is missing or wrong, `CNI_ARGS` included.
    public static let invalidEnvironment = Self(rawValue: 4)
    /// Reading or writing failed.
    public static let inputOutput = Self(rawValue: 5)
    /// Not JSON, not a version, not an answer that can be understood.
    public static let decodingFailed = Self(rawValue: 6)
    /// The configuration was read but does not hold what it must.
    public static let invalidConfiguration = Self(rawValue: 7)
    /// The network namespace is missing, none at all, or the plugin's own.
    public static let invalidNamespace = Self(rawValue: 8)
    /// Nothing is wrong that time would not cure; the runtime should repeat the call.
    public static let tryAgainLater = Self(rawValue: 11)
    /// `STATUS`: an `ADD` would not be served.
    public static let notAvailable = Self(rawValue: 50)
    /// `STATUS`: an `ADD` would not be served, and existing containers may be cut off.
    public static let limitedConnectivity = Self(rawValue: 51)
    /// Somebody else uses the address.
    public static let addressConflict = Self(rawValue: 100)
    /// The gateway does not answer.
    public static let gatewayUnreachable = Self(rawValue: 101)
    /// No address is free.
    public static let noFreeAddress = Self(rawValue: 102)
    /// The kernel refused an operation; details carry its reason.
    public static let kernelRefused = Self(rawValue: 103)
    /// A device of the node is not what the configuration says.
    public static let deviceMismatch = Self(rawValue: 104)
    /// Something that is not expected to happen.
    public static let internalError = Self(rawValue: 999)
}

extension CNIError: CustomStringConvertible {
    /// `message; details`, as runtimes show it.
    public var description: String { details.isEmpty ? message : "\(message); \(details)" }
}
