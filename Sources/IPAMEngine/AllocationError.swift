public import IPAMCore

/// Why a request got no address.
public struct AllocationError: Error, Sendable, Hashable {
    /// What is wrong; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text that tools look for.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Every candidate pool is full.
        public static let usedOut = Self(rawValue: "all IP addresses used out")
        /// The one address that was asked for cannot be given.
        public static let unavailable = Self(rawValue: "requested IP address unavailable")
        /// Others changed the same blocks again and again.
        public static let contention = Self(rawValue: "exhaust all retries")
        /// So many requests wait already that no other is taken.
        public static let queueFull = Self(rawValue: "queue is full")
        /// The request was not served before its deadline.
        public static let deadline = Self(rawValue: "deadline exceeded")
        /// Whoever asked does not wait any more.
        public static let withdrawn = Self(rawValue: "request withdrawn")
    }

    /// What is wrong.
    public let code: Code
    /// The family that could not be served; `nil` when it concerns the request as a whole.
    public let family: AddressFamily?
    /// One line for each pool that was tried, in order.
    public let reasons: [String]

    /// Makes an error.
    public init(_ code: Code, family: AddressFamily? = nil, reasons: [String] = []) {
        self.code = code
        self.family = family
        self.reasons = reasons
    }
}

extension AllocationError: CustomStringConvertible {
    /// `all IP addresses used out: IPv4: <reasons>`, in one line.
    public var description: String {
        let rest = withoutCode
        return rest.isEmpty ? code.rawValue : "\(code.rawValue): \(rest)"
    }

    /// The description of one of several refusals of the same kind.
    var withoutCode: String {
        let reasons = reasons.joined(separator: "; ")
        guard let family else { return reasons }
        return reasons.isEmpty ? "\(family)" : "\(family): \(reasons)"
    }
}
