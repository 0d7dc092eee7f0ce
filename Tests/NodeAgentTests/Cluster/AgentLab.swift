import ClusterBlocks
import Foundation
import IPAMCore
import IPAMEngine
import JSONTree
import KubeClient
import Logging
import PoolModel
import TestSupport
import Testing

@testable import NodeAgent

/// Agents in this process on a real API server.
final class AgentLab: Sendable {
    let plane: ControlPlane
    let kube: KubeClient
    /// In the names of all objects, so that several labs can share a server.
    let prefix: String
    private let folder: TemporaryFolder

    init(_ plane: ControlPlane) async throws {
        self.plane = plane
        prefix = "l\(UInt32.random(in: 0...UInt32.max))"
        kube = try KubeClient(.kubeconfig(files: [plane.kubeconfigPath]), logger: Logger(label: "lab"))
        folder = try TemporaryFolder()
        try await plane.installKinds()
    }

    /// A name of this lab.
    func name(_ text: String) -> String { "\(prefix)-\(text)" }

    func end() async { await kube.shutdown() }

    // MARK: Objects

    func apply(_ objects: JSONValue...) async throws {
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        let result = try await plane.kubectl(["apply", "--filename", "-"], input: list.text())
        try #require(result.status == 0, "\(result.errors)")
    }

    func delete(_ kind: String, _ name: String) async throws {
        let result = try await plane.kubectl([
            "delete", kind, name, "--namespace=default", "--grace-period=0", "--force", "--wait=false",
        ])
        try #require(result.status == 0, "\(result.errors)")
    }

    func makeNode(_ name: String, labels: [String: String] = [:]) async throws {
        let labels = JSONValue.object(JSONObject(labels.map { ($0.key, .string($0.value)) }))
        try await apply(["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name), "labels": labels]])
    }

    func makePool(_ name: String, _ subnet: String, ips: [String], gateway: String? = nil) async throws {
        var spec: JSONObject = ["subnet": .string(subnet), "ips": .strings(ips)]
        spec["ipVersion"] = subnet.contains(":") ? 6 : 4
        if let gateway { spec["gateway"] = .string(gateway) }
        try await apply([
            "apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPPool",
            "metadata": ["name": .string(name)],
            "spec": .object(spec),
        ])
    }

    /// Makes a Pod that is bound to a node, as kubelet finds it.
    func makePod(
        _ name: String, on node: String, annotations: [String: String] = [:], owner: OwnerReference? = nil
    ) async throws -> LabPod {
        var metadata: JSONObject = ["name": .string(name), "namespace": "default"]
        metadata["annotations"] = .object(JSONObject(annotations.map { ($0.key, .string($0.value)) }))
        if let owner { metadata["ownerReferences"] = .array([owner.json]) }
        let pod = try await kube.resource(Pod.self, namespace: "default").create(
            Pod(json: [
                "apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata),
                "spec": ["nodeName": .string(node), "containers": [["name": "main", "image": "none"]]],
            ]))
        return LabPod(name: PodName(namespace: "default", name: name), uid: try #require(pod.metadata.uid))
    }

    /// What the blocks say about a pool's addresses.
    func claims(of pool: String) async throws -> [Claim] {
        let definition = ResourceDefinition(
            group: "spiderpool.spidernet.io", version: "v2beta1", kind: "SpiderIPBlock", plural: "spideripblocks",
            isNamespaced: false)
        let blocks = try await kube.resource(definition).list(ListQuery())
        // Tests of the schema leave objects on the shared server whose names are not those of blocks.
        return try blocks.items.filter { SpiderIPBlock.key(named: $0.metadata.name) != nil }.flatMap { object in
            var json = object.json
            json["apiVersion"] = "spiderpool.spidernet.io/v2beta1"
            json["kind"] = "SpiderIPBlock"
            return try BlockObject(tree: json).block.claims.filter { $0.pool == pool }
        }
    }

    // MARK: Agents

    /// Starts an agent, and waits until it serves.
    ///
    /// - Parameters:
    ///   - node: Its node. A second one of the same node has the ledger of the first.
    ///   - user: As whom it asks the server.
    ///   - server: Another way to the server.
    /// - Returns: the agent.
    /// - Throws: what does not work.
    func startAgent(
        on node: String, as user: ControlPlane.User = ControlPlane.admin, server: String? = nil
    ) async throws -> RunningAgent {
        let agent = try launchAgent(on: node, as: user, server: server)
        try await agent.becomesReady()
        return agent
    }

    /// Starts an agent, and waits for nothing.
    func launchAgent(on node: String, as user: ControlPlane.User, server: String? = nil) throws -> RunningAgent {
        let kubeconfig = try plane.writeKubeconfig(for: user, server: server)
        var settings = try AgentSettings(
            "enableIPv4: true\nenableIPv6: true\nenableStatefulSet: true\nenableKubevirtStaticIP: true\n",
            path: "conf.yml",
            environment: [
                "SPIDERPOOL_NODE_NAME": node, "SPIDERPOOL_POD_NAME": "agent", "SPIDERPOOL_POD_NAMESPACE": "kube-system",
            ])
        settings.stateFolder = "\(folder.path)/\(node)"
        return try RunningAgent(settings, kubeconfig: kubeconfig)
    }

    /// A service account, which is made if it is not there, with a token as the agent's Pod has one.
    func account(_ name: String) async throws -> ControlPlane.User {
        try await apply([
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": ["name": .string(name), "namespace": "kube-system"],
        ])
        let result = try await plane.kubectl(
            ["create", "--raw=/api/v1/namespaces/kube-system/serviceaccounts/\(name)/token", "--filename=-"],
            input: #"{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}"#)
        try #require(result.status == 0, "\(result.errors)")
        let token = try JSONValue(parsing: result.output)["status"]?["token"]?.stringValue
        return ControlPlane.User(name, token: try #require(token))
    }
}

/// A Pod of a lab.
struct LabPod: Sendable {
    let name: PodName
    let uid: String

    func attachment(_ container: String, _ interface: String = "eth0") -> AttachmentArguments {
        AttachmentArguments(
            containerID: container, interface: interface, networkNamespace: "/none", pod: name, podUID: uid)
    }
}

/// An agent that runs in a task.
final class RunningAgent: Sendable {
    static let bootID = "boot"
    let agent: ClusterAgent
    private let kube: KubeClient
    private let task: Task<Void, any Error>

    init(_ settings: AgentSettings, kubeconfig: String) throws {
        let logger = Logger(label: settings.nodeName) { _ in SwiftLogNoOpLogHandler() }
        kube = try KubeClient(.kubeconfig(files: [kubeconfig]), logger: logger)
        let ledger = try SandboxLedger(at: settings.stateFolder, bootID: Self.bootID)
        let agent = ClusterAgent(kube, settings, ledger, bootID: Self.bootID, logger)
        self.agent = agent
        task = Task { try await agent.run() }
    }

    /// Ends it where it stands, as a kill does: what it has not written is lost.
    func stop() async {
        task.cancel()
        _ = await task.result
        await kube.shutdown()
    }

    func becomesReady() async throws {
        try await eventually("the agent is ready") { () async -> Bool in
            do throws(AgentRefusal) {
                try await agent.checkHealth()
                return true
            } catch {
                return false
            }
        }
    }

    /// ADD: the addresses.
    func add(
        _ pod: LabPod, _ container: String, _ interface: String = "eth0", pools: [String] = [],
        ipv6Pools: [String] = [],
        within limit: Duration = .seconds(30)
    ) async throws -> [IPAddress] {
        let arguments = AddArguments(
            pod.attachment(container, interface), ipv4Pools: pools, ipv6Pools: ipv6Pools, network: "lan")
        return try await agent.allocate(arguments, deadline: .now + limit).addresses.map(\.address)
    }

    /// DEL.
    func delete(_ pod: LabPod, _ container: String, _ interface: String = "eth0", within limit: Duration = .seconds(30))
        async throws
    {
        try await agent.release(pod.attachment(container, interface), deadline: .now + limit)
    }
}
