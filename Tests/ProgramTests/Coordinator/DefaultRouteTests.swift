import JSONTree
import Testing

/// Which of several interfaces has the Pod's default route.
@Suite struct DefaultRouteTests {
    static func ipv4Pod(_ lab: CoordinatorLab) throws -> LabPod {
        try lab.underlayPod("9f8e7d6c5b4a39", ["172.22.4.10/16"])
    }

    static let eth0 = "main/4 default via 172.22.0.1 dev eth0"
    static let net1 = "main/4 default via 172.23.0.1 dev net1"
    static let net2 = "main/4 default via 172.22.0.1 dev net2"

    /// Lines about the choice of a way: rules by source and default routes.
    static func choice(_ pod: LabPod, _ family: String = "4") throws -> [String] {
        try pod.state().lines.filter {
            $0.hasPrefix("rule/\(family)") && $0.contains(" from ") || $0.contains("/\(family) default")
        }
    }

    @Test func theNewInterfaceBecomesTheDefault() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.ipv4Pod(lab)
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        try pod.add("net1", ["podDefaultRouteNic": "net1"])
        let first = KernelState(text: UnderlayState.firstIPv4).without { $0.hasPrefix("main/4 default") }
        expect(
            try pod.state(),
            is: first.lines.joined(separator: "\n") + "\n" + UnderlayState.sharedRoutes(101) + """
                addr 172.22.4.10/16 dev eth0
                addr 172.23.4.10/16 dev net1
                link eth0 mtu 1500 up alias spiderpool:table=101
                link net1 mtu 1500 up
                link veth0 mtu 1500 up
                rule/4 1101 from 172.22.4.10 lookup 101
                main/4 default via 172.23.0.1 dev net1
                main/4 172.23.0.0/16 dev net1 proto kernel scope link src 172.23.4.10
                101/4 default via 172.22.0.1 dev eth0
                101/4 172.22.0.0/16 dev eth0 proto kernel scope link src 172.22.4.10
                """)
    }

    @Test func bothFamiliesMove() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", ["podDefaultRouteNIC": "net1"])
        #expect(
            try Self.choice(pod, "6") == [
                "100/6 default via fd00:22::11 dev veth0", "101/6 default via fd00:22::1 dev eth0",
                "main/6 default via fd00:23::1 dev net1", "rule/6 1101 from fd00:22::a lookup 101",
            ])
    }

    /// The interface is known to come, so the first two wait for it.
    @Test func anInterfaceThatComesLater() throws {
        let lab = try CoordinatorLab()
        let agent = try AgentServer(
            in: lab.folder,
            #"""
            {"mode":"auto","overlayPodCIDR":[],"serviceCIDR":["10.96.0.0/12"],"tunePodRoutes":true,
             "podDefaultRouteNIC":"net2","podNICs":["eth0","net1","net2"]}
            """#)
        let keys: JSONObject = ["agent": nil, "agentSocketPath": .string(agent.path)]
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        try pod.add("eth0", keys)
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        try pod.add("net1", keys)
        #expect(try pod.state().lines("main/4 default") == [Self.eth0])
        try pod.plug("net2", "ens1", ["172.22.4.11/16"])
        try pod.add("net2", keys)
        #expect(
            try Self.choice(pod) == [
                "100/4 default via 172.22.0.11 dev veth0 src 172.22.4.10", "101/4 default via 172.23.0.1 dev net1",
                "102/4 default via 172.22.0.1 dev eth0", Self.net2, "rule/4 1101 from 172.23.4.10 lookup 101",
                "rule/4 1102 from 172.22.4.10 lookup 102",
            ])
    }

    /// The last network chooses an interface that is neither its own nor the present default.
    @Test func theThirdInterfaceChoosesTheSecond() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.ipv4Pod(lab)
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        try pod.add("net1")
        try pod.plug("net2", "ens1", ["172.22.4.11/16"])
        try pod.add("net2", ["podDefaultRouteNic": "net1"])
        let state = try pod.state()
        #expect(state.lines("main/4 default") == [Self.net1])
        let rules = state.lines("rule/4").filter { $0.contains("from") }
        #expect(rules.map { $0.split(separator: " ")[3] }.sorted() == ["172.22.4.10", "172.22.4.11"], "\(rules)")
        #expect(Set(rules.compactMap { $0.split(separator: " ").last }).count == 2, "each has a table: \(rules)")
        for (address, link) in [("172.22.4.10", "eth0"), ("172.22.4.11", "net2")] {
            let way = try pod.space.way("8.8.8.8", "from", address)
            #expect(way.hasPrefix("\(link) 172.22.0.1 10"), "\(way)")
        }
        #expect(try pod.space.way("8.8.8.8", "from", "172.23.4.10") == "net1 172.23.0.1")
    }

    @Test func anInterfaceThatNeverComesIsRefused() throws {
        let lab = try CoordinatorLab()
        let agent = try AgentServer(
            in: lab.folder,
            #"""
            {"mode":"auto","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":true,
             "podDefaultRouteNIC":"netX","podNICs":["eth0","net1"]}
            """#)
        for keys in [
            ["agent": nil, "agentSocketPath": .string(agent.path)], ["podDefaultRouteNic": "netX"],
        ] as [JSONObject] {
            let pod = try Self.ipv4Pod(lab)
            try pod.plug("net1", "ens2", ["172.23.4.10/16"])
            let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
            let refused = try pod.call("ADD", "net1", keys)
            #expect(refused.status == 1)
            #expect(refused.refusal.contains("podDefaultRouteNIC: netX don't exist in pod"), "\(refused.refusal)")
            expect(try pod.state(), is: before)
            expect(try lab.nodeState(pod), is: nodeBefore)
            try pod.delete("eth0")
        }
    }

    /// Routes as the main plugins left them: the last interface is preferred.
    @Test func withoutTuning() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.ipv4Pod(lab)
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        try pod.add("net1", ["tunePodRoutes": false])
        let state = try pod.state()
        #expect(state.lines("main/4 default") == [Self.eth0, Self.net1])
        #expect(state.lines.filter { $0.hasPrefix("rule/") } == ["rule/4 1000 fwmark 0x1 lookup 100"])
        expect(
            KernelState(lines: state.lines("101/4")), is: UnderlayState.sharedRoutes(101))
    }
}
