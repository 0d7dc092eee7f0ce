public import IPAMCore

/// Lists of pools as somebody wrote them: names and patterns (``NamePattern``), by family.
public struct PoolSource: Sendable, Hashable {
    /// Who wrote the lists.
    public let origin: PoolOrigin
    /// The lists as written; a family without a list is not asked for.
    public let names: [AddressFamily: [String]]
    /// Keys beside the lists that mean nothing, most likely misspelt ones; for the message when no pool is named.
    public let unknownKeys: [String]

    /// Makes a source.
    public init(origin: PoolOrigin, names: [AddressFamily: [String]], unknownKeys: [String] = []) {
        self.origin = origin
        self.names = names
        self.unknownKeys = unknownKeys
    }

    /// The lists of a CNI configuration, `default_ipv4_ippool` and `default_ipv6_ippool`; `nil` when both are empty,
    /// since then the configuration leaves the choice to others.
    public init?(cniConfiguration ipv4: [String], ipv6: [String]) {
        guard !ipv4.isEmpty || !ipv6.isEmpty else { return nil }
        self.init(origin: .cniConfiguration, names: [.ipv4: ipv4, .ipv6: ipv6])
    }
}
