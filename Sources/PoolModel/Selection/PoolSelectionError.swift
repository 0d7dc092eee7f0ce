internal import IPAMCore

/// Why no pool can serve a request.
public struct PoolSelectionError: Error, Sendable, Hashable {
    /// What is wrong; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code, with which ``PoolSelectionError/description`` starts.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No pool is named, exists or is left.
        public static let noPool = Self(rawValue: "no IPPool available")
        /// A list cannot be understood.
        public static let wrongInput = Self(rawValue: "wrong input")
    }

    /// What is wrong.
    public let code: Code
    /// The rest of the description.
    let detail: String
    /// Where all pools of a family were refused, which and why.
    public let refusals: [PoolRefusal]

    init(_ code: Code, _ detail: String, refusals: [PoolRefusal] = []) {
        self.code = code
        self.detail = detail
        self.refusals = refusals
    }

    static func noPool(for request: PoolRequest, patterns: [String]) -> PoolSelectionError {
        let interface = request.interface
        let origin = request.origin
        let cause: String
        switch origin {
        case .clusterDefault:
            cause = "no pool is named for NIC \(interface), and none has spec.default: true"
        case .podSubnets, .podSubnet:
            cause = "there is no automatic pool for NIC \(interface), which \(origin) asks for"
        case _ where !patterns.isEmpty:
            cause = "no pool matches \(patterns.quotedList), which \(origin) names for NIC \(interface)"
        case .podPools, .podPool, .namespace:
            let families = request.families.map(\.description).joined(separator: " or ")
            let unknown = request.sources.first?.unknownKeys ?? []
            let hint = unknown.isEmpty ? "" : ", and \(unknown.quotedList) there means nothing"
            cause =
                "no IPv4/IPv6 pool specified for NIC \(interface); \(origin) must name a pool of \(families)\(hint)"
        case .cniConfiguration:
            cause = "no IPv4/IPv6 pool specified for NIC \(interface)"
        }
        return PoolSelectionError(.noPool, ": \(cause)")
    }

    static func allFiltered(
        family: AddressFamily, interface: String, verdicts: [PoolSelection.Verdict]
    ) -> PoolSelectionError {
        let names = verdicts.map(\.pool).joined(separator: " ")
        let refusals = verdicts.compactMap(\.refusal)
        let reasons = refusals.map(\.description).joined(separator: ", ")
        return PoolSelectionError(
            .noPool, ", all \(family) IPPools [\(names)] of \(interface) filtered out: [\(reasons)]",
            refusals: refusals)
    }

    static func duplicate(_ name: String, family: AddressFamily, interface: String) -> PoolSelectionError {
        PoolSelectionError(
            .wrongInput, ", duplicate IPPool \(name) in the \(family) list of NIC \(interface); name it once")
    }

    static func annotation(_ key: String, of owner: String, _ problem: String) -> PoolSelectionError {
        PoolSelectionError(.wrongInput, ", invalid format of \(owner) annotation '\(key)': \(problem)")
    }

    static func malformed(_ error: NamePattern.ParseError) -> PoolSelectionError {
        PoolSelectionError(.wrongInput, ", invalid IPPool \(error)")
    }
}

extension PoolSelectionError: CustomStringConvertible {
    /// One line that starts with the code.
    public var description: String { code.rawValue + detail }
}
