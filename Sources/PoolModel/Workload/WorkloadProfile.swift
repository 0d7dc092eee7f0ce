/// Everything that is known about a workload that asks: what the runtime says and what a ``WorkloadFile`` says, merged.
///
/// Of a label or annotation that both have, the file's counts, since the administrator of the host wrote it; so does the
/// file's namespace. Where neither says anything about labels they are unknown, which is not the same as having none.
///
/// ```swift
/// let profile = WorkloadProfile(call, facts: file.facts(for: call.key))
/// var instructions = PoolInstructions(interface: call.interface, pod: profile.pod, namespace: profile.namespace)
/// let selection = PoolSelection(try PoolPlan(instructions).request, facts: profile.facts, pools: pools)
/// ```
public struct WorkloadProfile: Sendable, Hashable {
    /// What the conditions of pools are compared with.
    public let facts: SelectionFacts
    /// The annotations of the Pod.
    public let pod: PodAnnotations
    /// The annotations of the namespace.
    public let namespace: NamespaceAnnotations
    /// The name under which the workload keeps its addresses over restarts: the file's, or else the one that the caller
    /// gives as an argument; `nil` for a workload that leaves nothing behind.
    public let identity: String?

    /// Merges.
    ///
    /// The network of the interface is the one that the annotations of Multus name, or else the network of the call. An
    /// annotation that cannot be understood leaves it unknown, with the reason in ``SelectionFacts/networkProblem``.
    public init(_ call: WorkloadCall, facts stated: WorkloadFacts?) {
        pod = PodAnnotations(call.annotations.merging(stated?.annotations ?? [:]) { $1 })
        namespace = NamespaceAnnotations(stated?.namespaceAnnotations ?? [:])
        identity = stated?.identity ?? call.key.name
        var facts = SelectionFacts()
        facts.nodeName = call.nodeName
        facts.nodeLabels = stated?.nodeLabels
        facts.namespaceName = stated?.namespace ?? call.key.podNamespace
        facts.namespaceLabels = stated?.namespaceLabels
        facts.podLabels = call.labels
        if let labels = stated?.labels { facts.podLabels = (call.labels ?? [:]).merging(labels) { $1 } }
        facts.homeNamespace = call.homeNamespace
        do throws(PoolSelectionError) {
            facts.networkAttachment =
                try pod.network(
                    of: call.interface, podNamespace: facts.namespaceName, clusterNetwork: call.clusterNetwork,
                    homeNamespace: call.homeNamespace)
                ?? NetworkAttachment(name: call.key.network)
        } catch {
            facts.networkProblem = "\(error)"
        }
        self.facts = facts
    }

    /// The UID under which a workload with an identity owns addresses of a network; `nil` for one without.
    ///
    /// A slash stands in no Pod UID and in no container ID, so nobody else has this one.
    public func stableUID(in network: String) -> String? { identity.map { "\(network)/\($0)" } }
}
