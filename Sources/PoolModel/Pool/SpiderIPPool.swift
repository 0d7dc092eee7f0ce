public import IPAMCore

/// A pool of addresses of one subnet, with the conditions under which it may be used.
///
/// The values are kept as the manifest gives them, so that a resource with mistakes can be shown and validated; what
/// they mean is in ``ResolvedPool``.
public struct SpiderIPPool: Resource {
    /// `SpiderIPPool`.
    public static let kind = ResourceKind(name: "SpiderIPPool", plural: "spiderippools", shortName: "sp")

    /// Name, labels and the like.
    public var metadata: ObjectMetadata
    /// What the owner of the pool wants.
    public var spec: Spec
    /// What is the case.
    public var status: Status

    /// Makes a pool.
    public init(metadata: ObjectMetadata, spec: Spec, status: Status = Status()) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    /// Makes a pool of a name with a few ranges.
    public init(named name: String, subnet: String, ips: [String] = []) {
        self.init(metadata: ObjectMetadata(name: name), spec: Spec(subnet: subnet, ips: ips))
    }

    /// The family that `spec.ipVersion` names or, in older objects that lack it, that of `spec.subnet`; `nil` when
    /// neither says it.
    public var family: AddressFamily? {
        if let version = spec.ipVersion { return UInt8(exactly: version).flatMap(AddressFamily.init(rawValue:)) }
        return (try? CIDR(lenientParsing: spec.subnet))?.family
    }

    /// Whether an application's automatic pool: nobody but the application may use it.
    public var isAutomatic: Bool { metadata.labels[LabelKey.ownerApplicationName] != nil }
}

extension SpiderIPPool {
    /// What the owner of the pool wants.
    public struct Spec: Sendable, Hashable {
        /// 4 or 6; `nil` stands for the family of `subnet`.
        public var ipVersion: Int64?
        /// The canonical prefix; every address gets its length.
        public var subnet: String
        /// Ranges to hand out.
        public var ips: [String]
        /// Ranges to leave out.
        public var excludeIPs: [String]
        /// The default gateway.
        public var gateway: String?
        /// Further routes; an empty list differs from `nil` in that nothing is inherited from a subnet.
        public var routes: [Route]?
        /// Which Pods may use the pool.
        public var podAffinity: LabelSelector?
        /// In which namespaces it may be used, by their labels; ignored when `namespaceName` is not empty.
        public var namespaceAffinity: LabelSelector?
        /// In which namespaces it may be used, by name.
        public var namespaceName: [String] = []
        /// On which nodes it may be used, by their labels; ignored when `nodeName` is not empty.
        public var nodeAffinity: LabelSelector?
        /// On which nodes it may be used, by name.
        public var nodeName: [String] = []
        /// For which network attachments it may be used: `namespace/name` or `name`.
        public var multusName: [String] = []
        /// Whether the pool serves requests that name none.
        public var isDefault = false
        /// Whether nothing new is handed out.
        public var isDisabled = false

        /// Makes a specification; the other fields have their defaults.
        public init(subnet: String, ips: [String] = [], excludeIPs: [String] = [], gateway: String? = nil) {
            self.subnet = subnet
            self.ips = ips
            self.excludeIPs = excludeIPs
            self.gateway = gateway
        }
    }

    /// A route as the manifest gives it.
    public struct Route: Sendable, Hashable {
        /// The destination, a prefix.
        public var dst: String
        /// The next hop, an address inside the pool's subnet.
        public var gw: String

        /// Makes a route.
        public init(dst: String, gw: String) {
            self.dst = dst
            self.gw = gw
        }
    }

    /// What is the case; written by programs.
    public struct Status: Sendable, Hashable {
        /// The allocations as JSON text; `nil` when there are none.
        public var allocatedIPs: String?
        /// Number of allocations.
        public var allocatedIPCount: Int64?
        /// Number of addresses in `ips` without `excludeIPs`, at most `Int64.max`.
        public var totalIPCount: Int64?

        /// Makes a status.
        public init(allocatedIPs: String? = nil, allocatedIPCount: Int64? = nil, totalIPCount: Int64? = nil) {
            self.allocatedIPs = allocatedIPs
            self.allocatedIPCount = allocatedIPCount
            self.totalIPCount = totalIPCount
        }
    }
}
