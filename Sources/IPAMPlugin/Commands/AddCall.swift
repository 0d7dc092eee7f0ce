internal import CNITypes
internal import IPAMCore
internal import PoolModel

/// One ADD with everything that is known about who asks, before the state is looked at.
struct AddCall {
    let request: CNIAddRequest
    let requested: RequestedAddresses
    let owner: Claim.Owner
    /// Whether the owner keeps its addresses when the container ends.
    let isFixed: Bool
    let profile: WorkloadProfile
    /// The routes that the workload adds.
    let customRoutes: [PoolRoute]

    /// - Throws: `CNIError` for a workload file, an annotation or a requested address that cannot be understood.
    init(_ request: CNIAddRequest, _ settings: IPAMSettings, nodeName: String) throws(CNIError) {
        self.request = request
        requested = try RequestedAddresses(request)
        let arguments = request.arguments
        let container = request.attachment.containerID.text
        let network = request.call.configuration.name.text
        let key = WorkloadKey(
            containerID: container, network: network, podNamespace: arguments.podNamespace, podName: arguments.podName,
            name: settings.identity)
        let workloads: WorkloadFile? =
            if let path = settings.workloads { try WorkloadFile(readingFrom: path) } else { nil }
        profile = WorkloadProfile(
            WorkloadCall(key: key, interface: request.attachment.interfaceName.text, nodeName: nodeName),
            facts: workloads?.facts(for: key))
        do throws(PoolSelectionError) {
            customRoutes = try profile.pod.routes()
        } catch {
            throw EmbeddedCommands.describe(error)
        }
        var owner = Claim.Owner(
            namespace: profile.facts.namespaceName ?? "", name: arguments.podName ?? "",
            uid: arguments.podUID.flatMap { $0.isEmpty ? nil : $0 } ?? container)
        if let uid = profile.stableUID(in: network) { owner.uid = uid }
        if let identity = profile.identity, owner.name.isEmpty { owner.name = identity }
        self.owner = owner
        isFixed = profile.identity != nil
    }

    var interface: String { request.attachment.interfaceName.text }

    /// Who decides about the pools of the interface.
    func plan(_ settings: IPAMSettings, servedInterfaces: [String]) throws(PoolSelectionError) -> PoolPlan {
        var configured: [AddressFamily: [String]] = [:]
        if !settings.ipv4Pools.isEmpty { configured[.ipv4] = settings.ipv4Pools }
        if !settings.ipv6Pools.isEmpty { configured[.ipv6] = settings.ipv6Pools }
        return try PoolPlan(
            PoolInstructions(
                interface: interface, pod: profile.pod, namespace: profile.namespace, configuredPools: configured,
                cleanGateway: settings.cleanGateway,
                features: SelectionFeatures(families: settings.familyPolicy.families),
                servedInterfaces: servedInterfaces))
    }
}
