/// Who says which pools are candidates; the most specific first, which is the order of precedence.
public enum PoolOrigin: Sendable, Hashable, CaseIterable {
    /// The Pod, by the subnets of automatic pools for several interfaces.
    case podSubnets
    /// The Pod, by the subnets of an automatic pool for one interface.
    case podSubnet
    /// The Pod, by pools for several interfaces.
    case podPools
    /// The Pod, by pools for the interface that asks.
    case podPool
    /// The Pod's namespace.
    case namespace
    /// The `ipam` section of the CNI configuration.
    case cniConfiguration
    /// Nobody: the pools that are marked as default.
    case clusterDefault
}

extension PoolOrigin: CustomStringConvertible {
    /// The origin in words for people.
    public var description: String {
        switch self {
        case .podSubnets: "the Pod annotation '\(AnnotationKey.subnets)'"
        case .podSubnet: "the Pod annotation '\(AnnotationKey.subnet)'"
        case .podPools: "the Pod annotation '\(AnnotationKey.pools)'"
        case .podPool: "the Pod annotation '\(AnnotationKey.pool)'"
        case .namespace: "the namespace's default pools"
        case .cniConfiguration: "the CNI configuration"
        case .clusterDefault: "the pools with spec.default: true"
        }
    }
}
