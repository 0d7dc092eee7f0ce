import IPAMCore
import JSONTree
import KubeClient
import TestSupport
import Testing

@testable import NodeAgent

/// The agent as the service account of `deploy/agent-rbac.yaml`, on a server that writes down what it is asked.
@Suite(.serialized) struct AgentRoleTests {
    private static let account = "spiderpool-agent"

    private func withLab(_ body: (AgentLab, AuditLog) async throws -> Void) async throws {
        let audit = try AuditLog()
        let plane = try await ControlPlane.start(flags: audit.flags)
        do {
            try await eventually("the namespace is there") {
                try await plane.kubectl(["get", "namespace", "kube-system"]).status == 0
            }
            let lab = try await AgentLab(plane)
            try await body(lab, audit)
            await lab.end()
        } catch {
            await plane.stop()
            throw error
        }
        await plane.stop()
    }

    @Test func theRoleHasWhatTheAgentNeedsAndNothingElse() async throws {
        try await withLab { lab, audit in
            try await lab.plane.apply(SourceTree.path("deploy/agent-rbac.yaml"))
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            let agent = try await lab.startAgent(on: node, as: try await lab.account(Self.account))
            try await lab.makePool(pool, "10.61.0.0/16", ips: ["10.61.0.10-10.61.0.19"])
            try await eventually("the agent knows the pool") { agent.agent.view.pools.pool(pool) != nil }
            func pod(_ name: String, _ apiVersion: String, _ kind: String) async throws -> LabPod {
                let owner = OwnerReference(
                    apiVersion: apiVersion, kind: kind, name: lab.name("owner"), uid: "u", isController: true)
                return try await lab.makePod(lab.name(name), on: node, owner: owner)
            }

            // ADD for every kind of owner that is looked up, also with a fixed address.
            let web = try await pod("web", "apps/v1", "ReplicaSet")
            let others = [
                try await pod("once", "batch/v1", "Job"), try await pod("set-0", "apps/v1", "StatefulSet"),
                try await pod("launcher", "kubevirt.io/v1", "VirtualMachineInstance"),
            ]
            _ = try await agent.add(web, web.name.name, pools: [pool])
            try await eventually("the SpiderEndpoint is there") {
                try await lab.endpointInterfaces(web.name.name) == ["eth0"]
            }
            for pod in others { _ = try await agent.add(pod, pod.name.name, pools: [pool]) }
            let second = try #require(try await agent.add(web, web.name.name, "net1", pools: [pool]).first)
            try await eventually("the SpiderEndpoint has both interfaces") {
                try await lab.endpointInterfaces(web.name.name) == ["eth0", "net1"]
            }

            // A Pod that the agent has not seen is asked for.
            let unknown = LabPod(name: PodName(namespace: "default", name: lab.name("none")), uid: "")
            await #expect {
                _ = try await agent.add(unknown, "none", pools: [pool])
            } throws: { error in "\(error)".contains("does not exist") }
            // A refusal, twice: one Event with a count.
            for count in 1...2 {
                await #expect(throws: AgentRefusal.self) {
                    _ = try await agent.add(web, web.name.name, "net2", pools: [lab.name("none")])
                }
                try await eventually("the Event is there") {
                    try await lab.eventCounts("FailedAllocateIP", about: web) == [count]
                }
            }
            // A stranger has an address.
            try await agent.agent.giveUp(
                GiveUpArguments(
                    containerID: web.name.name, interface: "net1", pod: web.name, podUID: web.uid, isConflict: true,
                    conflicts: [.init(second, mac: try MACAddress(parsing: "0a:00:00:00:00:01"))]),
                deadline: .now + .seconds(10))
            try await eventually("the Event is there") { try await lab.eventCounts("IPConflict", about: web) == [1] }
            #expect(try await lab.claims(of: pool).first { $0.address == second } == nil)

            // The end of all; Spiderpool's own SpiderEndpoints have a finalizer.
            let finalizer = try await lab.plane.kubectl([
                "patch", "spiderendpoint", web.name.name, "--type=merge",
                #"--patch={"metadata": {"finalizers": ["spiderpool.spidernet.io"]}}"#,
            ])
            #expect(finalizer.status == 0, "\(finalizer.errors)")
            for pod in others + [web] { try await lab.delete("pod", pod.name.name) }
            try await eventually("the agent knows") { agent.agent.view.pods.count == 0 }
            for pod in others + [web] { try await agent.delete(pod, pod.name.name) }
            #expect(try await lab.claims(of: pool).isEmpty)
            for pod in [web, others[0]] {
                try await eventually("the SpiderEndpoint is gone") {
                    try await lab.plane.kubectl(["get", "spiderendpoint", pod.name.name]).status != 0
                }
            }
            await agent.stop()

            let user = "system:serviceaccount:kube-system:\(Self.account)"
            let asked = try audit.requests(of: user)
            #expect(asked.filter(\.isDenied) == [])
            let role = try await lab.role(Self.account)
            // An empty block is given back when it has rested for minutes.
            #expect(role.subtracting(asked.map(\.permission)) == ["delete spideripblocks.spiderpool.spidernet.io"])
        }
    }

    @Test func aPermissionThatIsMissingIsNamed() async throws {
        try await withLab { lab, _ in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.62.0.0/16", ips: ["10.62.0.10-10.62.0.19"])
            let pod = try await lab.makePod(lab.name("web"), on: node)
            let agent = try lab.launchAgent(on: node, as: try await lab.account("nobody"))
            await #expect {
                _ = try await agent.add(pod, "c1", pools: [pool], within: .seconds(3))
            } throws: { error in
                let text = "\(error)"
                return text.contains(#"cannot list resource "spiderippools""#)
                    && text.contains("grant it with a Role or ClusterRole")
            }
            // As soon as it has the role the same agent serves.
            try await lab.plane.apply(SourceTree.path("deploy/agent-rbac.yaml"))
            try await lab.bind("nobody")
            #expect(try await agent.add(pod, "c1", pools: [pool]).count == 1)

            // One permission is taken away: there is no block for this pool yet.
            let (other, next) = (lab.name("other"), try await lab.makePod(lab.name("next"), on: node))
            try await lab.makePool(other, "10.63.0.0/16", ips: ["10.63.0.10-10.63.0.19"])
            let change = try await lab.plane.kubectl([
                "patch", "clusterrole", Self.account, "--type=json",
                #"--patch=[{"op": "replace", "path": "/rules/0/verbs", "value": ["get", "list", "watch"]}]"#,
            ])
            #expect(change.status == 0, "\(change.errors)")
            try await eventually("the server knows") {
                try await lab.plane.kubectl([
                    "auth", "can-i", "create", "spideripblocks", "--as=system:serviceaccount:kube-system:nobody",
                ]).status != 0
            }
            await #expect {
                _ = try await agent.add(next, "c2", pools: [other], within: .seconds(3))
            } throws: { error in
                let text = "\(error)"
                return text.contains(#"cannot create resource "spideripblocks""#)
                    && text.contains("the API server refuses")
            }
            await agent.stop()
        }
    }
}

extension AgentLab {
    /// The interfaces in a Pod's SpiderEndpoint.
    fileprivate func endpointInterfaces(_ pod: String) async throws -> [String] {
        let result = try await plane.kubectl(
            ["get", "spiderendpoint", pod, "--output=jsonpath={.status.current.ips[*].interface}"])
        return result.output.split(separator: " ").map(String.init)
    }

    /// The counts of a Pod's Events.
    fileprivate func eventCounts(_ reason: String, about pod: LabPod) async throws -> [Int] {
        let result = try await plane.kubectl([
            "get", "events", "--field-selector=involvedObject.uid=\(pod.uid),reason=\(reason)",
            "--output=jsonpath={.items[*].count}",
        ])
        return result.output.split(separator: " ").compactMap { Int($0) }
    }

    /// What a role allows, as `VERB RESOURCE.GROUP`.
    fileprivate func role(_ name: String) async throws -> Set<String> {
        let result = try await plane.kubectl(["get", "clusterrole", name, "--output=json"])
        let rules = try JSONValue(parsing: result.output)["rules"]?.arrayValue ?? []
        var all: Set<String> = []
        for rule in rules {
            func words(_ key: String) -> [String] { rule[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
            for group in words("apiGroups") {
                for resource in words("resources") {
                    all.formUnion(words("verbs").map { "\($0) \(resource)\(group.isEmpty ? "" : "." + group)" })
                }
            }
        }
        return all
    }

    /// Gives an account the agent's role.
    fileprivate func bind(_ account: String) async throws {
        try await apply([
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": ["name": .string(account)],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "spiderpool-agent",
            ],
            "subjects": [["kind": "ServiceAccount", "name": .string(account), "namespace": "kube-system"]],
        ])
    }
}
