import JSONTree
import NetlinkKit
import Testing

/// ADD again, DEL in any order and number, CHECK, GC and STATUS.
@Suite struct RepetitionTests {
    static let all = ["172.22.4.10", "fd00:22::a", "172.23.4.10", "fd00:23::a", "172.22.4.11", "fd00:22::b"]
    static let rules = "rule/4 1000 lookup 500\nrule/6 1000 lookup 500"

    @Test(arguments: ["", "net1", "net2"]) func addingAgainChangesNothing(owner: String) throws {
        let lab = try CoordinatorLab()
        let keys: JSONObject = owner.isEmpty ? [:] : ["podDefaultRouteNic": .string(owner)]
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", owner == "net1" ? keys : [:])
        try pod.plug("net2", "ens1", ["172.22.4.11/16", "fd00:22::b/64"])
        try pod.add("net2", keys)
        let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
        let mac = try pod.mac(of: pod.hostLink, in: lab.node)
        let rules = try pod.space.run("nft", "-s", "list", "ruleset")
        for nic in ["eth0", "net1", "net1", "net2", "eth0"] {
            // Each network says what it said.
            try pod.add(nic, nic == "net2" || nic == owner ? keys : [:])
            expect(try pod.state(), is: before, "after \(nic)")
            expect(try lab.nodeState(pod), is: nodeBefore, "after \(nic)")
        }
        #expect(try pod.mac(of: pod.hostLink, in: lab.node) == mac)
        #expect(try pod.space.run("nft", "-s", "list", "ruleset") == rules)
        for address in Self.all {
            let source = address.contains(":") ? "fd00:22::11" : "172.22.0.11"
            #expect(try Traffic.ask(from: lab.node, source, to: pod.space, address) == source)
        }
    }

    @Test func overlayAddingAgainChangesNothing() throws {
        let lab = try CoordinatorLab()
        let pod = try OverlayStateTests.pod(lab, net1: [:])
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2")
        for nic in ["net1", "net2", "net1"] {
            try pod.add(nic)
            expect(try pod.state(), is: OverlayStateTests.calico + OverlayStateTests.net2, "after \(nic)")
            expect(try lab.nodeState(pod), is: OverlayStateTests.node("172.22.4.20", "172.23.4.20"), "after \(nic)")
        }
    }

    // MARK: DEL

    @Test(arguments: ["0.3.1", "0.4.0", "1.1.0"]) func deletingAllLeavesNothing(version: String) throws {
        let lab = try CoordinatorLab()
        let pod = try lab.threeInterfaces()
        // No agent is there any more, and nothing asks for one.
        let keys: JSONObject = ["agent": nil, "agentSocketPath": .string(lab.folder.path("nobody.sock"))]
        for _ in 1...2 {
            for nic in ["net2", "net1", "eth0"] { try pod.delete(nic, keys, version: version) }
            expect(try lab.nodeState(pod), is: Self.rules)
        }
    }

    @Test func deletingWithoutAnADD() throws {
        let lab = try CoordinatorLab()
        let pod = try OptionTests.pod(lab)
        let before = try pod.state()
        try pod.delete("eth0")
        expect(try pod.state(), is: before)
        expect(try lab.nodeState(pod), is: "")
    }

    /// A process still holds the namespace, but its name is gone.
    @Test func deletingWhenTheNamespaceIsGone() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.threeInterfaces()
        pod.space.removeName()
        try pod.delete("eth0")
        expect(try lab.nodeState(pod), is: Self.rules)
    }

    @Test func deletingAnOverlayPodWhenTheNamespaceIsGone() throws {
        let lab = try CoordinatorLab()
        let pod = try OverlayStateTests.pod(lab, net1: [:])
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2")
        pod.space.removeName()
        try pod.delete("net2")
        expect(try lab.nodeState(pod), is: OverlayStateTests.node("172.22.4.20"))
        try pod.delete("net1")
        expect(try lab.nodeState(pod), is: OverlayStateTests.node())
    }

    @Test func deletingOneOfThree() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.threeInterfaces()
        let whole = KernelState(
            text: UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses
                + UnderlayState.net2)
        for _ in 1...2 {
            try pod.delete("net1")
            #expect(
                try pod.state().lines.filter { $0.hasPrefix("101/") || $0.contains("lookup 101") } == [])
        }
        try pod.unplug("net1")
        expect(try pod.state(), is: whole)
        expect(
            try lab.nodeState(pod),
            is: UnderlayState.node(pod, ["172.22.4.10", "fd00:22::a", "172.22.4.11", "fd00:22::b"]))
        for (pods, node) in [
            ("172.22.4.10", "172.22.0.11"), ("172.22.4.11", "172.22.0.11"), ("fd00:22::a", "fd00:22::11"),
        ] {
            #expect(try Traffic.ask(from: lab.node, node, to: pod.space, pods) == node)
        }
        // The number that became free is used again.
        try pod.plug("net3", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net3")
        let again = UnderlayState.net1.replacing("net1", with: "net3")
        expect(try pod.state(), is: KernelState(lines: whole.lines + KernelState(text: again).lines))
    }

    /// Who had the default route gives it back.
    @Test func deletingTheDefaultInterface() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", ["podDefaultRouteNic": "net1"])
        try pod.delete("net1")
        try pod.unplug("net1")
        let state = OverlayStateTests.withoutAlias(try pod.state())
        expect(
            state.without { $0.hasPrefix("101/") || $0.hasPrefix("rule/") && $0.contains(" 1101 ") },
            is: UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses)
        #expect(try pod.space.way("8.8.8.8") == "eth0 172.22.0.1")
        #expect(try pod.space.way("8.8.8.8", "from", "172.22.4.10").hasPrefix("eth0 172.22.0.1"))
    }

    // MARK: CHECK

    struct Damage: Sendable, CustomTestStringConvertible {
        let name: String
        var pod = ""
        var node = ""
        var testDescription: String { name }

        static let all = [
            Damage(name: "neighbour on the node", node: "neigh del 172.22.4.10 dev veth9f8e7d6c5b4"),
            Damage(name: "rule on the node", node: "rule del pref 1000"),
            Damage(name: "route on the node", node: "route del 172.22.4.10 table 500"),
            Damage(name: "mark rule", pod: "rule del pref 1000"),
            Damage(name: "route for marked packets", pod: "route flush table 100"),
            Damage(name: "neighbour in the Pod", pod: "neigh del 172.22.0.11 dev veth0"),
            Damage(name: "hijacked network", pod: "route del 10.96.0.0/12"),
            Damage(name: "link to the node down", pod: "link set veth0 down"),
            Damage(name: "link to the node gone", pod: "link del veth0"),
        ]
    }

    @Test(arguments: Damage.all) func checkSeesDamage(_ damage: Damage) throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        #expect(try pod.call("CHECK", "eth0").refusal == "0 ; ")
        if !damage.pod.isEmpty { try pod.space.ip(damage.pod) }
        if !damage.node.isEmpty { try lab.node.ip(damage.node) }
        let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
        let checked = try pod.call("CHECK", "eth0")
        #expect(checked.status == 1 && checked.document?["code"]?.int64Value == 999, "\(checked.refusal)")
        // It only looks; ADD mends.
        expect(try pod.state(), is: before)
        expect(try lab.nodeState(pod), is: nodeBefore)
        try pod.add("eth0")
        #expect(try pod.call("CHECK", "eth0").status == 0)
    }

    @Test func checkOfFurtherInterfaces() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.threeInterfaces()
        for nic in ["eth0", "net1", "net2"] { #expect(try pod.call("CHECK", nic).status == 0, "\(nic)") }
        // What others add is none of its business.
        try pod.space.ip("route add 192.0.2.0/24 via 172.22.0.1\nrule add pref 5000 lookup 77")
        #expect(try pod.call("CHECK", "net1").status == 0)
        try pod.space.ip("rule del pref 1101")
        #expect(try pod.call("CHECK", "net1").status == 1)
    }

    // MARK: GC and STATUS

    @Test func garbageCollection() throws {
        let lab = try CoordinatorLab(extra: "link add vethforeign0 type veth peer name other")
        let kept = try lab.underlayPod("kept0000000000", ["172.22.4.10/16"])
        let lost = try lab.underlayPod("lost0000000000", ["172.22.4.11/16"])
        let valid: JSONValue = [["containerID": .string(kept.containerID), "ifname": "eth0"]]
        let missing = try kept.call("GC", "eth0", version: "1.1.0")
        #expect(missing.document?["code"] == 7)
        #expect(try lab.nodeState(lost).lines("link veth").count == 2)
        let collected = try kept.call("GC", "eth0", ["cni.dev/valid-attachments": valid], version: "1.1.0")
        #expect(collected.status == 0 && collected.output.isEmpty, "\(collected.refusal)")
        expect(
            try lab.nodeState(kept),
            is: UnderlayState.node(kept, ["172.22.4.10"]))
        #expect(try lost.state().lines("link veth0") == [])
    }

    /// The links of other plugins stay, whatever they are marked with.
    @Test func garbageCollectionBesideAnOverlay() throws {
        let lab = try CoordinatorLab()
        let pod = try OverlayStateTests.pod(lab, net1: [:])
        let collected = try pod.call("GC", "eth0", ["cni.dev/valid-attachments": []], version: "1.1.0")
        #expect(collected.status == 0, "\(collected.refusal)")
        #expect(try lab.nodeState(pod).lines("link calid00d").count == 1)
        #expect(
            try Traffic.ask(from: lab.node, "172.22.0.11", to: pod.space, "10.244.3.7") == "172.22.0.11")
    }

    @Test func status() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        let agent = try AgentServer(in: lab.folder, "{}")
        let ready = try pod.call(
            "STATUS", "", ["agent": nil, "agentSocketPath": .string(agent.path)], version: "1.1.0")
        #expect(ready.status == 0 && ready.output.isEmpty, "\(ready.refusal)")
        #expect(agent.requests.map { $0.split(separator: "\r\n")[0] } == ["GET /v1/ipam/healthy HTTP/1.1"])
        let absent = try pod.call(
            "STATUS", "", ["agent": nil, "agentSocketPath": .string(lab.folder.path("nobody.sock"))], version: "1.1.0")
        #expect(absent.document?["code"] == 50, "\(absent.refusal)")
    }
}
