import JSONTree
import Testing

/// Where a setting comes from: the network's configuration, the agent, or the program.
@Suite struct PrecedenceTests {
    /// Agent answers with everything, each value other than the program's own.
    static let everything = #"""
        {"mode":"auto","overlayPodCIDR":["10.200.0.0/16"],"serviceCIDR":["10.201.0.0/16"],"hijackCIDR":["10.202.0.0/16"],
         "policyRoutes":[{"dst":"10.203.0.0/16","gw":"172.22.0.1"}],"tunePodRoutes":true,"podMACPrefix":"0e:11",
         "hostRuleTable":700,"podRPFilter":2,"txQueueLen":1234,"vethLinkAddress":"169.254.77.1","vethMTU":1300}
        """#

    static let inherit: JSONObject = ["overlayPodCIDR": nil, "serviceCIDR": nil, "hijackCIDR": nil]

    static func run(_ agent: String, _ keys: JSONObject) throws -> (CoordinatorLab, LabPod, AgentServer, Outcome) {
        let lab = try CoordinatorLab()
        let server = try AgentServer(in: lab.folder, agent)
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        var all: JSONObject = ["agent": nil, "agentSocketPath": .string(server.path)]
        for member in inherit.members + keys.members { all[member.key] = member.value }
        // A null among the keys of a test takes the key away.
        for key in inherit.keys where keys[key] == nil { all.set(key, .null) }
        return (lab, pod, server, try pod.call("ADD", "eth0", all))
    }

    static func hijacked(_ state: KernelState) -> [String] {
        state.lines("main/4").filter { $0.contains(" via 172.22.0.11 ") }.map {
            String($0.split(separator: " ")[1])
        }
    }

    @Test func everythingFromTheAgent() throws {
        let (lab, pod, server, outcome) = try Self.run(Self.everything, [:])
        try #require(outcome.status == 0, "\(outcome.refusal)")
        let state = try pod.state()
        #expect(Self.hijacked(state) == ["10.200.0.0/16", "10.201.0.0/16", "10.202.0.0/16"])
        #expect(state.lines("main/4 10.203") == ["main/4 10.203.0.0/16 via 172.22.0.1 dev eth0"])
        #expect(state.lines("link veth0") == ["link veth0 mtu 1300 up"])
        #expect(state.lines("addr 169.254") == ["addr 169.254.77.1/32 dev veth0"])
        #expect(try pod.mac(of: "eth0", in: pod.space) == "0e:11:ac:16:04:0a")
        #expect(try pod.space.sysctl("net/ipv4/conf/veth0/rp_filter") == "2")
        #expect(try lab.nodeState(pod).lines("rule/4") == ["rule/4 1000 lookup 700"])
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("GET /v1/coordinator/config HTTP/1.1\r\n"))
        let body = request.split(separator: "\r\n").last.flatMap { try? JSONValue(parsing: String($0)) }
        #expect(body == ["podName": "web-0", "podNamespace": "shop"])
        #expect(server.requests.count == 1)
    }

    @Test func theConfigurationWins() throws {
        let (lab, pod, _, outcome) = try Self.run(
            Self.everything,
            [
                "overlayPodCIDR": ["10.1.0.0/16"], "serviceCIDR": ["10.2.0.0/16"], "hijackCIDR": ["10.3.0.0/16"],
                "policyRoutes": [["dst": "10.4.0.0/16", "gw": "172.22.0.1"]], "podMACPrefix": "0a:22",
                "hostRuleTable": 600, "podRPFilter": 1, "vethLinkAddress": "169.254.88.1", "VETHMTU": 1350,
            ])
        try #require(outcome.status == 0, "\(outcome.refusal)")
        let state = try pod.state()
        #expect(Self.hijacked(state) == ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"])
        #expect(state.lines("main/4 10.4") == ["main/4 10.4.0.0/16 via 172.22.0.1 dev eth0"])
        #expect(state.lines("main/4 10.203") == [])
        #expect(state.lines("link veth0") == ["link veth0 mtu 1350 up"])
        #expect(state.lines("addr 169.254") == ["addr 169.254.88.1/32 dev veth0"])
        #expect(try pod.mac(of: "eth0", in: pod.space) == "0a:22:ac:16:04:0a")
        #expect(try pod.space.sysctl("net/ipv4/conf/veth0/rp_filter") == "1")
        #expect(try lab.nodeState(pod).lines("rule/4") == ["rule/4 1000 lookup 600"])
    }

    /// An empty list is a wish, absence is none.
    @Test func emptyListsAreObeyed() throws {
        let (_, pod, _, outcome) = try Self.run(
            Self.everything, ["overlayPodCIDR": [], "serviceCIDR": [], "hijackCIDR": [], "policyRoutes": []])
        try #require(outcome.status == 0, "\(outcome.refusal)")
        let state = try pod.state()
        #expect(Self.hijacked(state) == [])
        #expect(state.lines("main/4 10.") == [])
    }

    @Test func theLeastThatAnAgentSays() throws {
        let (lab, pod, _, outcome) = try Self.run(
            #"{"mode":"auto","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":true}"#, [:])
        try #require(outcome.status == 0, "\(outcome.refusal)")
        #expect(try pod.state().lines("link veth0") == ["link veth0 mtu 1500 up"])
        #expect(try lab.nodeState(pod).lines("rule/4") == ["rule/4 1000 lookup 500"])
    }

    /// A choice in the Pod's annotation wins over the network's.
    @Test func aPinnedDefaultInterface() throws {
        let lab = try CoordinatorLab()
        for (pinned, owner) in [("true", "eth0"), ("false", "net1")] {
            let server = try AgentServer(
                in: lab.folder,
                #"""
                {"mode":"auto","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":true,"podDefaultRouteNIC":"eth0",
                 "podDefaultRouteNICPinned":\#(pinned)}
                """#)
            let pod = try lab.underlayPod("9f8e7d6c5b4a39", ["172.22.4.10/16"])
            try pod.plug("net1", "ens2", ["172.23.4.10/16"])
            try pod.add(
                "net1", ["agent": nil, "agentSocketPath": .string(server.path), "podDefaultRouteNic": "net1"])
            let defaults = try pod.state().lines("main/4 default")
            #expect(defaults.count == 1 && defaults[0].hasSuffix("dev \(owner)"), "\(defaults)")
            try pod.delete("net1")
            try pod.delete("eth0")
        }
    }

    // MARK: An agent that cannot answer

    @Test func anAgentThatIsNotReady() throws {
        let lab = try CoordinatorLab()
        let server = try AgentServer(
            in: lab.folder, status: "500 Internal Server Error", "\"spidercoordinator: default no ready\"")
        let pod = try OptionTests.pod(lab)
        let keys: JSONObject = ["agent": nil, "agentSocketPath": .string(server.path)]
        try OverlayStateTests.expectRefused(
            lab, pod, "eth0", keys, containing: "spidercoordinator: default no ready")
        #expect(try pod.call("ADD", "eth0", keys).document?["code"] == 11)
        try pod.delete("eth0", keys)
    }

    @Test func anAgentThatIsAbsent() throws {
        let lab = try CoordinatorLab()
        let pod = try OptionTests.pod(lab)
        let path = lab.folder.path("nobody.sock")
        let keys: JSONObject = ["agent": nil, "agentSocketPath": .string(path)]
        try OverlayStateTests.expectRefused(lab, pod, "eth0", keys, containing: path)
        try pod.delete("eth0", keys)
    }

    static let nonsense = [
        "", "{", "[]", "{}", #"{"mode":"auto","overlayPodCIDR":null,"serviceCIDR":[],"tunePodRoutes":true}"#,
    ]

    @Test(arguments: nonsense) func anAgentThatTalksNonsense(body: String) throws {
        let lab = try CoordinatorLab()
        let server = try AgentServer(in: lab.folder, body)
        let pod = try OptionTests.pod(lab)
        try OverlayStateTests.expectRefused(
            lab, pod, "eth0", ["agent": nil, "agentSocketPath": .string(server.path)], containing: "agent")
    }

    @Test(arguments: ["disable", "disabled"]) func disabledNetworksAskNobody(mode: String) throws {
        let lab = try CoordinatorLab()
        let pod = try OptionTests.pod(lab)
        let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
        let keys: JSONObject = [
            "mode": .string(mode), "agent": nil, "agentSocketPath": .string(lab.folder.path("nobody.sock")),
        ]
        for command in ["ADD", "DEL"] {
            let log = lab.folder.path("calls-\(command)")
            let outcome = try pod.start(
                command, "eth0", keys, wrap: { Trace.command($0, recording: ["socket", "setns"], to: log) }
            ).wait()
            #expect(outcome.status == 0, "\(outcome.refusal)")
            #expect(outcome.document == (command == "ADD" ? pod.result("eth0") : nil))
            #expect(lab.folder.read("calls-\(command)") == "", "\(command) opened a socket")
        }
        expect(try pod.state(), is: before)
        expect(try lab.nodeState(pod), is: nodeBefore)
    }
}
