import IPAMCore
import IPAMEngine
import JSONTree
import KubeClient
import TestSupport
import Testing

@testable import NodeAgent

/// The agent on a real API server that several suites share.
@Suite struct ClusterAgentTests {
    private func withLab(_ body: (AgentLab) async throws -> Void) async throws {
        let lab = try await AgentLab(try await ControlPlane.shared)
        try await body(lab)
        await lab.end()
    }

    @Test func aPodKeepsItsAddressOverSandboxesAndGivesItBackInTheEnd() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.41.0.0/16", ips: ["10.41.0.10-10.41.0.19"], gateway: "10.41.0.1")
            let agent = try await lab.startAgent(on: node)
            let pod = try await lab.makePod(lab.name("web"), on: node)

            let reply = try await agent.agent.allocate(
                AddArguments(pod.attachment("c1"), ipv4Pools: [pool]), deadline: .now + .seconds(30))
            let given = try #require(reply.addresses.first)
            #expect(given.prefixLength == 16 && given.gateway == IPAddress("10.41.0.1") && given.pool == pool)
            #expect(reply.routes.map(\.destination) == [.everything(in: .ipv4)])
            // A repetition, and what the cluster can see.
            #expect(try await agent.add(pod, "c1", pools: [pool]) == [given.address])
            let status = try await agent.agent.endpoint(pod.name, deadline: .now + .seconds(5))
            #expect(status["podUID"]?.stringValue == pod.uid)
            #expect(status["interfaces"]?.arrayValue?.first?["ipv4"]?.stringValue == "\(given.address)/16")

            // A sandbox is replaced: the Pod lives, so the address stays, and a late DEL of the first changes nothing.
            try await agent.delete(pod, "c1")
            #expect(try await lab.claims(of: pool).map(\.state) == [.retained])
            #expect(try await agent.add(pod, "c2", pools: [pool]) == [given.address])
            try await agent.delete(pod, "c1")
            #expect(try await lab.claims(of: pool).map(\.containerID) == ["c2"])
            #expect(
                try await agent.agent.check(
                    CheckArguments(pod.attachment("c2"), addresses: [given.address]), deadline: .now + .seconds(5)
                ).addresses.map(\.address) == [given.address])

            // DEL, then the Pod ends.
            try await agent.delete(pod, "c2")
            try await lab.delete("pod", pod.name.name)
            try await eventually("the address is free") { try await lab.claims(of: pool).isEmpty }
            // The other order.
            let next = try await lab.makePod(lab.name("next"), on: node)
            let second = try await agent.add(next, "c3", pools: [pool])
            #expect(second != [given.address])
            try await lab.delete("pod", next.name.name)
            try await eventually("the agent knows") { agent.agent.view.pods.count == 0 }
            #expect(try await lab.claims(of: pool).map(\.containerID) == ["c3"])
            try await agent.delete(next, "c3")
            #expect(try await lab.claims(of: pool).isEmpty)
            await agent.stop()
        }
    }

    @Test func refusalsSayWhyAndAreEvents() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.42.0.0/16", ips: ["10.42.0.10"])
            let agent = try await lab.startAgent(on: node)
            let (first, second) = (
                try await lab.makePod(lab.name("a"), on: node), try await lab.makePod(lab.name("b"), on: node)
            )
            _ = try await agent.add(first, "c1", pools: [pool])
            await #expect {
                _ = try await agent.add(second, "c2", pools: [pool])
            } throws: { error in
                "\(error)".contains("all IP addresses used out") && "\(error)".contains(pool)
            }
            await #expect {
                _ = try await agent.add(second, "c2", pools: [lab.name("none")])
            } throws: { error in "\(error)".contains("no IPPool available") }
            await #expect {
                _ = try await agent.add(LabPod(name: second.name, uid: "other"), "c2", pools: [pool])
            } throws: { error in "\(error)".contains("which is gone") }
            let wrong = try await lab.makePod(
                lab.name("wrong"), on: node, annotations: ["ipam.spidernet.io/ippool": "{\"ipv4\": 7}"])
            await #expect {
                _ = try await agent.add(wrong, "c3", pools: [pool])
            } throws: { error in
                "\(error)".contains("wrong input, invalid format of Pod annotation 'ipam.spidernet.io/ippool'")
            }
            try await eventually("the Event is there") {
                let events = try await lab.plane.kubectl(["get", "events", "--namespace=default", "--output=json"])
                    .output
                return events.contains("all IP addresses used out") && events.contains(second.uid)
            }
            // One address back, and the next try succeeds with it.
            try await lab.delete("pod", first.name.name)
            try await eventually("the agent knows") { agent.agent.view.pods.count == 2 }
            try await agent.delete(first, "c1")
            #expect(try await agent.add(second, "c2", pools: [pool]).map(\.description) == ["10.42.0.10"])
            await agent.stop()
        }
    }

    @Test func aStatefulSetsPodKeepsItsAddressesOnAnotherNode() async throws {
        try await withLab { lab in
            let (one, two, pool) = (lab.name("one"), lab.name("two"), lab.name("pool"))
            for node in [one, two] { try await lab.makeNode(node) }
            try await lab.makePool(pool, "10.43.0.0/16", ips: ["10.43.0.10-10.43.1.200"])
            try await lab.makePool(lab.name("six"), "fd00:43::/64", ips: ["fd00:43::10-fd00:43::ffff"])
            let set = lab.name("web")
            try await lab.apply([
                "apiVersion": "apps/v1", "kind": "StatefulSet",
                "metadata": ["name": .string(set), "namespace": "default", "finalizers": ["example.com/wait"]],
                "spec": [
                    "serviceName": "none", "replicas": 1, "selector": ["matchLabels": ["app": .string(set)]],
                    "template": [
                        "metadata": ["labels": ["app": .string(set)]],
                        "spec": ["containers": [["name": "main", "image": "none"]]],
                    ],
                ],
            ])
            let uid = try #require(
                try await lab.kube.resource(StatefulSet.self, namespace: "default").get(set).metadata.uid)
            let owner = OwnerReference(
                apiVersion: "apps/v1", kind: "StatefulSet", name: set, uid: uid, isController: true)
            let (here, there) = (try await lab.startAgent(on: one), try await lab.startAgent(on: two))
            // Somebody else on the second node, so that it has a block of its own.
            let other = try await lab.makePod(lab.name("other"), on: two)
            _ = try await there.add(other, "x", pools: [pool])

            let pod = try await lab.makePod("\(set)-0", on: one, owner: owner)
            let given = try await here.add(pod, "c1", pools: [pool], ipv6Pools: [lab.name("six")])
            #expect(given.map(\.family) == [.ipv4, .ipv6])
            try await lab.delete("pod", pod.name.name)
            try await here.delete(pod, "c1")
            #expect(try await lab.claims(of: pool).filter(\.isFixed).map(\.state) == [.retained])

            let again = try await lab.makePod("\(set)-0", on: two, owner: owner)
            #expect(try await there.add(again, "c2", pools: [pool], ipv6Pools: [lab.name("six")]) == given)
            // A late DEL from the first node.
            try await here.delete(pod, "c1")
            #expect(try await lab.claims(of: pool).filter(\.isFixed).map(\.containerID) == ["c2"])

            // The set is being deleted, which may wait for its Pods: their addresses go with the last sandbox.
            try await lab.delete("statefulset", set)
            try await lab.delete("pod", again.name.name)
            try await there.delete(again, "c2")
            #expect(try await lab.claims(of: pool).filter(\.isFixed).isEmpty)
            for agent in [here, there] { await agent.stop() }
        }
    }

    @Test func anAgentThatComesBackTakesNothingFromAPodThatMoved() async throws {
        try await withLab { lab in
            let (one, two, pool) = (lab.name("one"), lab.name("two"), lab.name("pool"))
            for node in [one, two] { try await lab.makeNode(node) }
            try await lab.makePool(pool, "10.47.0.0/16", ips: ["10.47.0.10-10.47.0.20"])
            let set = lab.name("web")
            let owner = OwnerReference(
                apiVersion: "apps/v1", kind: "StatefulSet", name: set, uid: "s", isController: true)
            let (here, there) = (try await lab.startAgent(on: one), try await lab.startAgent(on: two))
            let pod = try await lab.makePod("\(set)-0", on: one, owner: owner)
            let given = try await here.add(pod, "c1", pools: [pool])
            // The node is away: nobody says DEL, and the Pod goes on elsewhere.
            await here.stop()
            try await lab.delete("pod", pod.name.name)
            let again = try await lab.makePod("\(set)-0", on: two, owner: owner)
            #expect(try await there.add(again, "c2", pools: [pool]) == given)
            let back = try await lab.startAgent(on: one)
            await back.agent.repair()
            #expect(try await lab.claims(of: pool).map(\.containerID) == ["c2"])
            #expect(try await lab.claims(of: pool).map(\.node) == [two])
            for agent in [there, back] { await agent.stop() }
        }
    }

    @Test func agentsShareAPoolDownToTheLastAddress() async throws {
        try await withLab { lab in
            let pool = lab.name("pool")
            try await lab.makePool(pool, "10.44.0.0/16", ips: ["10.44.0.1-10.44.0.90"])
            var agents: [RunningAgent] = []
            for number in 0..<3 {
                try await lab.makeNode(lab.name("n\(number)"))
                agents.append(try await lab.startAgent(on: lab.name("n\(number)")))
            }
            var pods: [LabPod] = []
            for number in 0..<90 {
                pods.append(try await lab.makePod(lab.name("p\(number)"), on: lab.name("n\(number % 3)")))
            }
            let addresses = try await withThrowingTaskGroup(of: [IPAddress].self) { group in
                for (number, pod) in pods.enumerated() {
                    let agent = agents[number % 3]
                    group.addTask { try await agent.add(pod, "c\(number)", pools: [pool]) }
                }
                var all: [IPAddress] = []
                for try await addresses in group { all += addresses }
                return all
            }
            #expect(Set(addresses).count == 90)
            #expect(try await lab.claims(of: pool).count == 90)
            let late = try await lab.makePod(lab.name("late"), on: lab.name("n0"))
            await #expect(throws: AgentRefusal.self) { _ = try await agents[0].add(late, "late", pools: [pool]) }
            for agent in agents { await agent.stop() }
        }
    }

    @Test func anAddressInForeignUseIsSparedAndAnotherOneTaken() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.45.0.0/16", ips: ["10.45.0.10-10.45.0.11"])
            let agent = try await lab.startAgent(on: node)
            let pod = try await lab.makePod(lab.name("web"), on: node)
            let first = try #require(try await agent.add(pod, "c1", pools: [pool]).first)
            let conflict = GiveUpArguments.Conflict(first, mac: try MACAddress(parsing: "0a:00:00:00:00:01"))
            try await agent.agent.giveUp(
                GiveUpArguments(
                    containerID: "c1", interface: "eth0", pod: pod.name, podUID: pod.uid, isConflict: true,
                    conflicts: [conflict]), deadline: .now + .seconds(10))
            let second = try #require(try await agent.add(pod, "c1", pools: [pool]).first)
            #expect(second != first)
            // Nobody else gets it either, although the pool is full without it.
            let other = try await lab.makePod(lab.name("other"), on: node)
            await #expect(throws: AgentRefusal.self) { _ = try await agent.add(other, "c2", pools: [pool]) }
            await agent.stop()
        }
    }

    @Test func aFixedAddressInForeignUseStays() async throws {
        try await withLab { lab in
            let (node, pool, set) = (lab.name("node"), lab.name("pool"), lab.name("web"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.49.0.0/16", ips: ["10.49.0.10-10.49.0.11"])
            let agent = try await lab.startAgent(on: node)
            let owner = OwnerReference(
                apiVersion: "apps/v1", kind: "StatefulSet", name: set, uid: "s", isController: true)
            let pod = try await lab.makePod("\(set)-0", on: node, owner: owner)
            let given = try await agent.add(pod, "c1", pools: [pool])
            await #expect {
                try await agent.agent.giveUp(
                    GiveUpArguments(
                        containerID: "c1", interface: "eth0", pod: pod.name, podUID: pod.uid, isConflict: true,
                        conflicts: given.map { .init($0) }), deadline: .now + .seconds(10))
            } throws: { error in "\(error)".contains("is fixed for") }
            #expect(try await lab.claims(of: pool).map(\.address) == given)
            #expect(try await agent.add(pod, "c1", pools: [pool]) == given)
            await agent.stop()
        }
    }

    @Test func garbageIsWhatTheRuntimeDoesNotName() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.46.0.0/16", ips: ["10.46.0.10-10.46.0.20"])
            let agent = try await lab.startAgent(on: node)
            var pods: [LabPod] = []
            for number in 0..<3 {
                pods.append(try await lab.makePod(lab.name("p\(number)"), on: node))
                _ = try await agent.add(pods[number], "c\(number)", pools: [pool])
            }
            for pod in pods { try await lab.delete("pod", pod.name.name) }
            try await eventually("the agent knows") { agent.agent.view.pods.count == 0 }
            let valid = GarbageArguments.Attachment(containerID: "c1", interface: "eth0")
            let reply = try await agent.agent.collectGarbage(
                GarbageArguments(network: "lan", valid: [valid]), deadline: .now + .seconds(10))
            #expect(reply.released.map(\.containerID).sorted() == ["c0", "c2"])
            #expect(try await lab.claims(of: pool).map(\.containerID) == ["c1"])
            await agent.stop()
        }
    }
}
