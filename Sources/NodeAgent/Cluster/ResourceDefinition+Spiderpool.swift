internal import KubeClient
internal import PoolModel

extension ResourceDefinition {
    static let pools = ResourceDefinition(SpiderIPPool.kind)
    static let reservations = ResourceDefinition(SpiderReservedIP.kind)
    static let coordinators = spiderpool("SpiderCoordinator", "spidercoordinators")
    static let endpoints = spiderpool("SpiderEndpoint", "spiderendpoints", isNamespaced: true)

    private init(_ kind: ResourceKind) { self = .spiderpool(kind.name, kind.plural) }

    private static func spiderpool(_ kind: String, _ plural: String, isNamespaced: Bool = false) -> Self {
        ResourceDefinition(
            group: ResourceKind.group, version: "v2beta1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}
