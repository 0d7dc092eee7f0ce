public import IPAMCore

/// Who says which pools are candidates.
public enum PoolOrigin: Sendable, Hashable {
    /// The `ipam` section of the CNI configuration.
    case cniConfiguration
    /// Nobody: the pools that are marked as default.
    case clusterDefault
}

extension PoolOrigin: CustomStringConvertible {
    /// The origin in words for people.
    public var description: String {
        switch self {
        case .cniConfiguration: "the CNI configuration"
        case .clusterDefault: "the pools with spec.default: true"
        }
    }
}

/// Lists of pools as somebody wrote them: names and patterns (``NamePattern``), by family.
public struct PoolSource: Sendable, Hashable {
    /// Who wrote the lists.
    public let origin: PoolOrigin
    /// The lists as written; a family without a list is not asked for.
    public let names: [AddressFamily: [String]]

    /// Makes a source.
    public init(origin: PoolOrigin, names: [AddressFamily: [String]]) {
        self.origin = origin
        self.names = names
    }

    /// The lists of a CNI configuration, `default_ipv4_ippool` and `default_ipv6_ippool`; `nil` when both are empty,
    /// since then the configuration leaves the choice to others.
    public init?(cniConfiguration ipv4: [String], ipv6: [String]) {
        guard !ipv4.isEmpty || !ipv6.isEmpty else { return nil }
        self.init(origin: .cniConfiguration, names: [.ipv4: ipv4, .ipv6: ipv6])
    }
}

/// What an interface needs pools for.
public struct PoolRequest: Sendable, Hashable {
    /// The name of the interface inside the container.
    public var interface: String
    /// The families that may be given out at all, in the order in which they are answered.
    public var families: [AddressFamily]
    /// Who names pools, the most specific first. The first wins completely; without any, the default pools serve.
    public var sources: [PoolSource]

    /// Makes a request.
    public init(interface: String, families: [AddressFamily] = AddressFamily.allCases, sources: [PoolSource] = []) {
        self.interface = interface
        self.families = families
        self.sources = sources
    }
}
