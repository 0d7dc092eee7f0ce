internal import IPAMCore
internal import JSONTree
internal import KubeClient
internal import Logging
internal import PoolModel

/// What the agent knows of the cluster: its own Pods and node, and the small configuration kinds from watches; everything
/// else is read when it is needed.
final class ClusterView: Sendable {
    /// Labels and annotations of a namespace; `nil` for one that does not exist.
    struct NamespaceFacts: Sendable, Equatable {
        let labels: [String: String]
        let annotations: [String: String]
    }

    private struct NodeFacts: Sendable, Equatable {
        let labels: [String: String]
    }

    let node: String
    let pools: PoolCache
    let pods: Reflector<LocalPod>
    private let kube: KubeClient
    private let nodes: Reflector<NodeFacts>
    private let reservedAddresses: Reflector<SpiderReservedIP>
    private let coordinators: Reflector<JSONValue>
    private let namespaces: ReadThrough<NamespaceFacts?>
    private let parents: ReadThrough<TopController?>

    init(_ kube: KubeClient, node: String, _ logger: Logger) {
        self.kube = kube
        self.node = node
        pools = PoolCache(kube, logger)
        pods = Reflector(
            kube.resource(Pod.self, namespace: nil), query: ListQuery(fields: "spec.nodeName=\(node)", limit: 500)
        ) { pod in pod.usesHostNetwork ? nil : LocalPod(pod) }
        nodes = Reflector(kube.metadata(of: Node.resource), query: ListQuery(fields: "metadata.name=\(node)")) {
            NodeFacts(labels: $0.metadata.labels)
        }
        reservedAddresses = Reflector(kube.resource(.reservations, namespace: nil)) { object in
            var json = object.json
            json["apiVersion"] = .string(ResourceKind.apiVersion)
            json["kind"] = .string(SpiderReservedIP.kind.name)
            do throws(InvalidResource) {
                return try SpiderReservedIP(tree: json)
            } catch {
                logger.error("a reservation cannot be used: \(error)")
                return nil
            }
        }
        coordinators = Reflector(kube.resource(.coordinators, namespace: nil)) { object in
            var json = object.json
            json["metadata"] = ["name": .string(object.metadata.name)]
            return json
        }
        let spaces = kube.metadata(of: Namespace.resource)
        namespaces = ReadThrough(lifetime: .seconds(1)) { name throws(KubeError) in
            let metadata = try await spaces.find(name)?.metadata
            return metadata.map { NamespaceFacts(labels: $0.labels, annotations: $0.annotations) }
        }
        // The controller of an object never changes in practice; the key is `apiVersion kind namespace name uid`.
        parents = ReadThrough(lifetime: .seconds(600)) { key throws(KubeError) in
            let words = key.split(separator: " ").map(String.init)
            guard words.count == 5 else { return nil }
            let group = words[0].split(separator: "/").map(String.init)
            let resource = ResourceDefinition(
                group: group[0], version: group.last ?? "v1", kind: words[1], plural: words[1].lowercased() + "s",
                isNamespaced: true)
            let metadata = try await kube.metadata(of: resource, namespace: words[2]).find(words[3])?.metadata
            guard let metadata, metadata.uid == words[4] else { return nil }
            return metadata.controller.map { TopController($0) }
        }
    }

    /// Keeps everything up to date until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.pools.run() }
            group.addTask { await self.pods.run() }
            group.addTask { await self.nodes.run() }
            group.addTask { await self.reservedAddresses.run() }
            group.addTask { await self.coordinators.run() }
        }
    }

    /// What is not there yet, with the reason; `nil` when everything is.
    var missing: String? {
        let parts: [(name: String, isComplete: Bool, error: KubeError?)] = [
            ("the pools", pools.isComplete, pools.lastError),
            ("the Pods of this node", pods.isComplete, pods.lastError),
            ("the node", nodes.isComplete, nodes.lastError),
            ("the reserved addresses", reservedAddresses.isComplete, reservedAddresses.lastError),
            ("the coordinator", coordinators.isComplete, coordinators.lastError),
        ]
        let open = parts.filter { !$0.isComplete }
        guard !open.isEmpty else { return nil }
        let names = open.map(\.name).joined(separator: ", ")
        guard let error = open.compactMap(\.error).first else { return "\(names) have not been read yet" }
        return "\(names) have not been read yet: \(error)"
    }

    /// The labels of the node; `nil` when it is not known.
    var nodeLabels: [String: String]? { nodes.value(ObjectKey(namespace: nil, name: node))?.labels }

    /// All reservations that hold.
    var reservations: [SpiderReservedIP] { reservedAddresses.values() }

    /// The coordinator of the cluster; `nil` without one.
    var coordinator: JSONValue? { coordinators.value(ObjectKey(namespace: nil, name: "default")) }

    /// A Pod by name: from the watch, or read when that does not have it, or has another one than is asked for.
    ///
    /// - Parameters:
    ///   - name: The Pod.
    ///   - uid: Its UID; empty when any will do.
    ///   - deadline: When to give up.
    /// - Returns: `nil` when the API server has none of that name.
    /// - Throws: `KubeError` when it does not say.
    func pod(_ name: PodName, uid: String, deadline: MonotonicInstant) async throws(KubeError) -> LocalPod? {
        if let known = pods.value(ObjectKey(namespace: name.namespace, name: name.name)),
            uid.isEmpty || known.uid == uid
        {
            return known
        }
        let pod = try await kube.resource(Pod.self, namespace: name.namespace).find(name.name, deadline: deadline)
        return pod.flatMap { LocalPod($0) }
    }

    /// What is known about a namespace; `nil` when there is none of that name.
    func namespace(_ name: String) async throws(KubeError) -> NamespaceFacts? { try await namespaces.value(name) }

    /// The application that a Pod belongs to. When its controller is gone, that controller counts.
    func topController(of pod: LocalPod) async throws(KubeError) -> TopController {
        guard let reference = pod.controller else { return TopController(pod) }
        let direct = TopController(reference)
        guard let above = direct.parent else { return direct }
        let key = [direct.apiVersion, direct.kind, pod.name.namespace, direct.name, direct.uid].joined(separator: " ")
        guard let parent = try await parents.value(key), parent.apiVersion == above.apiVersion,
            parent.kind == above.kind
        else { return direct }
        return parent
    }

    /// Whether a fixed workload may come back and so keeps its addresses, read from the API server (ipam.md §4.2).
    func isExpectedBack(_ identity: FixedIdentity, deadline: MonotonicInstant) async throws(KubeError) -> Bool {
        switch identity.kind {
        case .statefulSet:
            let sets = kube.resource(StatefulSet.self, namespace: identity.namespace)
            let set = try await sets.find(identity.controllerName, deadline: deadline)
            guard let set, !set.metadata.isTerminating else { return false }
            return set.owns(podNamed: identity.name)
        case .virtualMachine:
            return try await isVirtualMachineExpectedBack(identity, deadline: deadline)
        }
    }

    private func isVirtualMachineExpectedBack(
        _ identity: FixedIdentity, deadline: MonotonicInstant
    ) async throws(KubeError) -> Bool {
        func metadata(_ kind: String, _ plural: String) async throws(KubeError) -> KubeMetadata? {
            let resource = ResourceDefinition(
                group: "kubevirt.io", version: "v1", kind: kind, plural: plural, isNamespaced: true)
            let client = kube.metadata(of: resource, namespace: identity.namespace)
            return try await client.find(identity.name, deadline: deadline)?.metadata
        }
        let instance = try await metadata("VirtualMachineInstance", "virtualmachineinstances")
        if let instance, !instance.isTerminating { return true }
        if let instance {
            guard let owner = instance.controller, owner.apiVersion == "kubevirt.io/v1", owner.kind == "VirtualMachine"
            else { return false }
        }
        guard let machine = try await metadata("VirtualMachine", "virtualmachines") else { return false }
        return !machine.isTerminating
    }
}
