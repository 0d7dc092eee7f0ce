internal import CNITypes
internal import IPAMCore
internal import IPAMEngine
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
    /// What is wrong in the workload file about others.
    private(set) var workloadProblems: [FieldError] = []

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
        var facts: WorkloadFacts?
        if let path = settings.workloads {
            let file = try WorkloadFile(readingFrom: path)
            workloadProblems = file.problems
            facts = try file.facts(for: key, readFrom: path)
        }
        profile = WorkloadProfile(
            WorkloadCall(key: key, interface: request.attachment.interfaceName.text, nodeName: nodeName),
            facts: facts)
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

    /// The request as the state file sees it.
    func allocation(_ settings: IPAMSettings, node: String, bootID: String, now: Timestamp) -> Allocation {
        var configured: [AddressFamily: [String]] = [:]
        if !settings.ipv4Pools.isEmpty { configured[.ipv4] = settings.ipv4Pools }
        if !settings.ipv6Pools.isEmpty { configured[.ipv6] = settings.ipv6Pools }
        let instructions = PoolInstructions(
            interface: interface, pod: profile.pod, namespace: profile.namespace, configuredPools: configured,
            cleanGateway: settings.cleanGateway, features: SelectionFeatures(families: settings.familyPolicy.families))
        var allocation = Allocation(
            instructions, facts: profile.facts, owner: owner, containerID: request.attachment.containerID.text, now: now
        )
        allocation.network = request.call.configuration.name.text
        allocation.node = node
        allocation.bootID = bootID
        allocation.policy = settings.familyPolicy.policy
        allocation.wanted = requested.byFamily
        allocation.isFixed = isFixed
        return allocation
    }
}
