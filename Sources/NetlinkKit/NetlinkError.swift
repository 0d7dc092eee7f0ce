public import SystemPackage

/// Why an operation on the kernel's network did not happen.
///
/// ```text
/// add route 10.0.0.0/8 on eth0: network is unreachable (ENETUNREACH): Nexthop has invalid gateway
/// └─ operation ┘                └─ errno ──────────────────────────┘  └─ the kernel's own words ─┘
/// ```
public struct NetlinkError: Error, Sendable, Hashable {
    /// What kind of refusal it is; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The text that stands for the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What kind of refusal it is.
    public let code: Code

    /// What was tried and on what, for example `add link veth1234`.
    public let operation: String

    /// The number that the kernel answered; `nil` when it was not the kernel that refused.
    public let errno: Errno?

    /// The kernel's own words (`NLMSGERR_ATTR_MSG`), or what else is known; may be empty.
    public let detail: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: What kind of refusal it is.
    ///   - operation: What was tried and on what.
    ///   - errno: The kernel's number.
    ///   - detail: The kernel's own words, or what to do.
    public init(_ code: Code, operation: String, errno: Errno? = nil, detail: String = "") {
        self.code = code
        self.operation = operation
        self.errno = errno
        self.detail = detail
    }

    /// Makes an error from what the kernel answered.
    ///
    /// - Parameters:
    ///   - errno: The kernel's number, which decides the code.
    ///   - operation: What was tried and on what.
    ///   - detail: The kernel's own words.
    public init(errno: Errno, operation: String, detail: String = "") {
        self.init(Code(errno), operation: operation, errno: errno, detail: detail)
    }
}

extension NetlinkError.Code {
    /// The object is there already (`EEXIST`).
    public static let exists = Self(rawValue: "exists")
    /// The object, or one that it refers to, is not there (`ENODEV`, `ESRCH`, `ENOENT`, `EADDRNOTAVAIL`, `ENXIO`).
    public static let notFound = Self(rawValue: "not found")
    /// There is no way to the gateway (`ENETUNREACH`, `EHOSTUNREACH`).
    public static let unreachable = Self(rawValue: "unreachable")
    /// Somebody else uses the object (`EBUSY`).
    public static let busy = Self(rawValue: "busy")
    /// This kernel does not know the kind of object or the option (`EOPNOTSUPP`, `EAFNOSUPPORT`, `EPROTONOSUPPORT`).
    public static let notSupported = Self(rawValue: "not supported")
    /// It takes a capability that the process does not have, or is not allowed in this state (`EPERM`, `EACCES`).
    public static let notPermitted = Self(rawValue: "not permitted")
    /// A value is not one that the kernel takes (`EINVAL`, `ERANGE`).
    public static let invalid = Self(rawValue: "invalid")
    /// The kernel did not answer in time.
    public static let timedOut = Self(rawValue: "timed out")
    /// The table changed during each of several attempts to read it (`NLM_F_DUMP_INTR`).
    public static let interrupted = Self(rawValue: "interrupted")
    /// What was received is not a message as the kernel writes them.
    public static let malformed = Self(rawValue: "malformed")
    /// Anything else; ``NetlinkError/errno`` says what.
    public static let system = Self(rawValue: "system")

    /// The code of a number.
    public init(_ errno: Errno) {
        self =
            switch errno {
            case .fileExists: .exists
            case .noSuchProcess, .noSuchFileOrDirectory, .addressNotAvailable, .noSuchAddressOrDevice,
                .operationNotSupportedByDevice:
                .notFound
            case .networkUnreachable, .noRouteToHost: .unreachable
            case .resourceBusy: .busy
            case .notSupported, .addressFamilyNotSupported, .protocolNotSupported: .notSupported
            case .notPermitted, .permissionDenied: .notPermitted
            case .invalidArgument, .outOfRange: .invalid
            case .timedOut: .timedOut
            default: .system
            }
    }
}

extension NetlinkError: CustomStringConvertible {
    /// `operation: errno in words: the kernel's own words`, in one line.
    public var description: String {
        let reason = errno.map { "\($0)" } ?? code.rawValue
        return detail.isEmpty ? "\(operation): \(reason)" : "\(operation): \(reason): \(detail)"
    }
}
