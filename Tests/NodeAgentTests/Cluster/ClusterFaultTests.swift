import IPAMCore
import IPAMEngine
import KubeClient
import TestSupport
import Testing

@testable import NodeAgent

/// What happens to addresses when servers and agents fail; each test has a server of its own to harm.
@Suite(.serialized) struct ClusterFaultTests {
    private func withLab(_ body: (AgentLab) async throws -> Void) async throws {
        let plane = try await ControlPlane.start()
        do {
            let lab = try await AgentLab(plane)
            try await body(lab)
            await lab.end()
        } catch {
            await plane.stop()
            throw error
        }
        await plane.stop()
    }

    @Test func withoutServerADDWaitsAndSaysWhyAndDELIsNotLost() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.51.0.0/16", ips: ["10.51.0.10-10.51.0.19"])
            let agent = try await lab.startAgent(on: node)
            let (web, late) = (
                try await lab.makePod(lab.name("web"), on: node), try await lab.makePod(lab.name("late"), on: node)
            )
            _ = try await agent.add(web, "c1", pools: [pool])
            try await lab.delete("pod", web.name.name)
            try await eventually("the agent knows") { agent.agent.view.pods.count == 1 }

            await lab.plane.stopServer()
            // DEL is written down and succeeds.
            try await agent.delete(web, "c1", within: .seconds(2))
            #expect(agent.agent.ledger.entries.map(\.state) == [.releasing])
            // An agent that starts now is not ready, and knows what it owes.
            await agent.stop()
            try await lab.plane.restartServer()
            let successor = try await lab.startAgent(on: node)
            try await eventually("the release is done") { try await lab.claims(of: pool).isEmpty }
            try await eventually("nothing is owed any more") { successor.agent.ledger.entries.isEmpty }

            await lab.plane.freeze()
            await #expect {
                _ = try await successor.add(late, "c2", pools: [pool], within: .seconds(3))
            } throws: { error in
                "\(error)".contains("deadline") || "\(error)".contains("timeout")
            }
            await lab.plane.thaw()
            // The next try of the runtime, with the same sandbox, has one address and no second one stays behind.
            let given = try await successor.add(late, "c2", pools: [pool])
            #expect(try await lab.claims(of: pool).map(\.address) == given)
            await successor.stop()
        }
    }

    @Test func aKilledAgentsSuccessorKnowsItsSandboxes() async throws {
        try await withLab { lab in
            let (one, two, pool) = (lab.name("one"), lab.name("two"), lab.name("pool"))
            for node in [one, two] { try await lab.makeNode(node) }
            // One block: the second agent works in that of the first.
            try await lab.makePool(pool, "10.52.0.0/16", ips: ["10.52.0.1-10.52.0.20"])
            let (owner, guest) = (try await lab.startAgent(on: one), try await lab.startAgent(on: two))
            let (web, other) = (
                try await lab.makePod(lab.name("web"), on: one), try await lab.makePod(lab.name("other"), on: two)
            )
            _ = try await owner.add(web, "c1", pools: [pool])
            let given = try await guest.add(other, "c2", pools: [pool])
            await guest.stop()
            let successor = try await lab.startAgent(on: two)
            #expect(try await successor.add(other, "c2", pools: [pool]) == given)
            try await lab.delete("pod", other.name.name)
            try await eventually("the agent knows") { successor.agent.view.pods.count == 0 }
            try await successor.delete(other, "c2")
            #expect(try await lab.claims(of: pool).map(\.containerID) == ["c1"])
            for agent in [owner, successor] { await agent.stop() }
        }
    }

    @Test func anAddressInUseIsNotGivenAgainAfterARestore() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.53.0.0/16", ips: ["10.53.0.1-10.53.0.4"])
            let agent = try await lab.startAgent(on: node)
            var pods: [LabPod] = []
            for number in 0..<4 { pods.append(try await lab.makePod(lab.name("p\(number)"), on: node)) }
            _ = try await agent.add(pods[0], "c0", pools: [pool])
            let backup = try await lab.plane.backup()
            let younger = try await agent.add(pods[1], "c1", pools: [pool])
            try await lab.plane.restore(backup)
            try await eventually("the claim is in the blocks again") {
                try await lab.claims(of: pool).contains { $0.address == younger.first && $0.containerID == "c1" }
            }
            try await agent.becomesReady()
            let rest = try await agent.add(pods[2], "c2", pools: [pool]) + agent.add(pods[3], "c3", pools: [pool])
            #expect(Set(rest + younger).count == 3)
            #expect(Set(try await lab.claims(of: pool).map(\.address)).count == 4)
            await agent.stop()
        }
    }

    @Test func whoLostAnAddressByARestoreIsTold() async throws {
        try await withLab { lab in
            let (one, two, pool) = (lab.name("one"), lab.name("two"), lab.name("pool"))
            for node in [one, two] { try await lab.makeNode(node) }
            try await lab.makePool(pool, "10.55.0.0/16", ips: ["10.55.0.1"])
            let (web, other) = (
                try await lab.makePod(lab.name("web"), on: one), try await lab.makePod(lab.name("other"), on: two)
            )
            let backup = try await lab.plane.backup()
            let first = try await lab.startAgent(on: one)
            let given = try await first.add(web, "c1", pools: [pool])
            // The node is away while its claim is forgotten and the address given to somebody else.
            await first.stop()
            try await lab.plane.restore(backup)
            let second = try await lab.startAgent(on: two)
            #expect(try await second.add(other, "c2", pools: [pool]) == given)
            let successor = try await lab.startAgent(on: one)
            try await eventually("the Pod has an Event") {
                let result = try await lab.plane.kubectl([
                    "get", "events", "--field-selector=involvedObject.uid=\(web.uid),reason=IPConflict",
                    "--output=jsonpath={.items[*].message}",
                ])
                return result.output.contains("now belongs to") && result.output.hasSuffix("restart the Pod")
            }
            #expect(try await lab.claims(of: pool).map(\.containerID) == ["c2"])
            for agent in [second, successor] { await agent.stop() }
        }
    }

    @Test func slowAndCutConnectionsCostTimeOnly() async throws {
        try await withLab { lab in
            let (node, pool) = (lab.name("node"), lab.name("pool"))
            try await lab.makeNode(node)
            try await lab.makePool(pool, "10.54.0.0/16", ips: ["10.54.0.1-10.54.0.40"])
            let way = try await Forwarder.start(to: lab.plane.server)
            let agent = try await lab.startAgent(on: node, server: way.server)
            var pods: [LabPod] = []
            for number in 0..<40 { pods.append(try await lab.makePod(lab.name("p\(number)"), on: node)) }
            way.slow(by: .milliseconds(300))
            let addresses = try await withThrowingTaskGroup(of: [IPAddress].self) { group in
                for (number, pod) in pods.enumerated() {
                    group.addTask { try await agent.add(pod, "c\(number)", pools: [pool]) }
                    if number % 10 == 9 { way.cut() }
                }
                var all: [IPAddress] = []
                for try await addresses in group { all += addresses }
                return all
            }
            #expect(Set(addresses).count == 40)
            #expect(try await lab.claims(of: pool).count == 40)
            await agent.stop()
            await way.stop()
        }
    }
}
