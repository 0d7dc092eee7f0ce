import JSONTree
import Testing

/// Many Pods on one node at the same time.
@Suite struct PodsAtOnceTests {
    @Test func twentyPods() throws {
        let lab = try CoordinatorLab()
        let pods = try (0..<20).map { number in
            let pod = try lab.pod("\(10 + number)c0ffee0000000")
            try pod.plug("eth0", "ens1", ["172.22.9.\(number + 1)/16", "fd00:22::9:\(number + 1)/64"])
            try pod.plug("net1", "ens2", ["172.23.9.\(number + 1)/16"])
            return pod
        }
        for nic in ["eth0", "net1"] {
            for outcome in try pods.map({ try $0.start("ADD", nic) }).map({ $0.wait() }) {
                #expect(outcome.status == 0, "\(outcome.refusal) \(outcome.diagnostics)")
            }
        }
        let expected = pods.enumerated().flatMap { number, pod in
            [
                "link \(pod.hostLink) mtu 1500 up alias spiderpool:\(pod.containerID):eth0:underlay",
                "500/4 172.22.9.\(number + 1) dev \(pod.hostLink) scope link",
                "500/4 172.23.9.\(number + 1) dev \(pod.hostLink) scope link",
                "500/6 fd00:22::9:\(number + 1) dev \(pod.hostLink)",
            ]
        }
        let rules = ["rule/4 1000 lookup 500", "rule/6 1000 lookup 500"]
        expect(
            try lab.nodeState().without { $0.hasPrefix("neigh ") }, is: KernelState(lines: expected + rules))
        let first = OverlayStateTests.withoutAlias(try pods[0].state())
        for (number, pod) in pods.enumerated() {
            let text = first.lines.joined(separator: "\n").replacing(".9.1/", with: ".9.\(number + 1)/")
                .replacing(".9.1 ", with: ".9.\(number + 1) ").replacing("::9:1/", with: "::9:\(number + 1)/")
                .replacing("::9:1\n", with: "::9:\(number + 1)\n").replacing(".9.1\n", with: ".9.\(number + 1)\n")
            expect(OverlayStateTests.withoutAlias(try pod.state()), is: text, "Pod \(number)")
            let address = "172.23.9.\(number + 1)"
            #expect(try Traffic.ask(from: lab.node, "172.22.0.11", to: pod.space, address) == "172.22.0.11")
        }
        for nic in ["net1", "eth0"] {
            for outcome in try pods.map({ try $0.start("DEL", nic) }).map({ $0.wait() }) {
                #expect(outcome.status == 0, "\(outcome.refusal)")
            }
        }
        expect(try lab.nodeState(), is: KernelState(lines: rules))
        for pod in pods { #expect(try pod.state().lines("link veth0") == []) }
    }
}
