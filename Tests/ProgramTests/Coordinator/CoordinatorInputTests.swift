import JSONTree
import Testing

/// What coordinator refuses: with a reason that names the field, and before it changes anything.
@Suite struct CoordinatorInputTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        let key: String
        let value: JSONValue
        var code: Int64 = 7
        /// What the message has to contain besides the key.
        var text = ""
        var testDescription: String { "\(key): \(value)" }

        static let keys = [
            Bad(key: "mode", value: "sideways", text: "unknown tuneMode: sideways"), Bad(key: "mode", value: 3),
            Bad(key: "podDefaultCniNic", value: 7), Bad(key: "podDefaultCniNic", value: "no/name"),
            Bad(key: "overlayPodCIDR", value: ["10.244.0.0/99"], text: "10.244.0.0/99"),
            Bad(key: "overlayPodCIDR", value: "10.244.0.0/16"), Bad(key: "overlayPodCIDR", value: [1]),
            Bad(key: "serviceCIDR", value: ["10.96.0.0"], text: "10.96.0.0"), Bad(key: "serviceCIDR", value: [:]),
            Bad(key: "hijackCIDR", value: ["169.254.0.0/16", "everything"], text: "everything"),
            Bad(key: "policyRoutes", value: [["dst": "nonsense", "gw": "172.22.0.1"]], text: "nonsense"),
            Bad(key: "policyRoutes", value: [["dst": "10.1.0.0/16", "gw": "gate"]], text: "gate"),
            Bad(key: "policyRoutes", value: [["dst": "10.1.0.0/16", "gw": "fd00:22::1"]], text: "fd00:22::1"),
            Bad(key: "policyRoutes", value: [["dst": "10.1.0.0/16"]], text: "gw"),
            Bad(key: "policyRoutes", value: [7]), Bad(key: "policyRoutes", value: "10.1.0.0/16"),
            Bad(key: "tunePodRoutes", value: "yes"), Bad(key: "podDefaultRouteNic", value: 5),
            Bad(key: "podMACPrefix", value: "03:1b", text: "mac_prefix format should be"),
            Bad(key: "podMACPrefix", value: "0,:1b", text: "mac_prefix format should be"),
            Bad(key: "podMACPrefix", value: "1:2", text: "mac_prefix format should be"),
            Bad(key: "podMACPrefix", value: "0a:1b:2c", text: "mac_prefix format should be"),
            Bad(key: "podMACPrefix", value: 12),
            Bad(key: "hostRuleTable", value: 0), Bad(key: "hostRuleTable", value: -1),
            Bad(key: "hostRuleTable", value: 253), Bad(key: "hostRuleTable", value: 254),
            Bad(key: "hostRuleTable", value: 255), Bad(key: "hostRuleTable", value: 4_294_967_296),
            Bad(key: "hostRuleTable", value: "500"),
            Bad(key: "podRPFilter", value: 3, text: "[-1,0,1,2]"), Bad(key: "podRPFilter", value: "0"),
            Bad(key: "txQueueLen", value: "long"), Bad(key: "vethLinkAddress", value: "xxx", text: "xxx"),
            Bad(key: "vethLinkAddress", value: "169.254.1.1/16", text: "169.254.1.1/16"),
            Bad(key: "vethLinkAddress", value: 5),
            Bad(key: "vethMTU", value: 0, text: "vethMTU must be greater than 0"),
            Bad(key: "vethMTU", value: -3, text: "vethMTU must be greater than 0"),
            Bad(key: "vethMTU", value: "1500"),
            Bad(key: "logOptions", value: ["logLevel": "loud"], text: "unsupported log level loud"),
            Bad(key: "logOptions", value: ["logFile": 5], text: "logFile"), Bad(key: "logOptions", value: "debug"),
            Bad(key: "agent", value: "no"), Bad(key: "agentSocketPath", value: 5),
            Bad(key: "prevResult", value: .null), Bad(key: "prevResult", value: 5),
            Bad(key: "prevResult", value: ["interfaces": [:]]),
            Bad(key: "prevResult", value: ["ips": [["address": "here"]]]),
            Bad(key: "prevResult", value: ["cniVersion": "0.1.0"], code: 6),
            Bad(key: "name", value: .null), Bad(key: "name", value: "a b"),
        ]
    }

    @Test func everyKeyWrongOnce() throws {
        let lab = try CoordinatorLab()
        let pod = try OptionTests.pod(lab)
        let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
        for bad in Bad.keys {
            let refused = try pod.call("ADD", "eth0", [bad.key: bad.value])
            #expect(refused.status == 1, "\(bad.testDescription) was accepted")
            #expect(refused.document?["cniVersion"] == "1.0.0", "\(bad.testDescription): \(refused.output)")
            let codes = bad.key == "mode" ? [2, 7] : [bad.code]
            #expect(
                codes.contains(refused.document?["code"]?.int64Value ?? -1),
                "\(bad.testDescription): \(refused.refusal)")
            // The reference's words have another spelling of two keys.
            let names = ["podMACPrefix": "mac_prefix", "podRPFilter": "rp_filter", "name": "network", "mode": "Mode"]
            let isNamed = refused.refusal.contains(bad.key) || names[bad.key].map(refused.refusal.contains) == true
            #expect(isNamed, "\(bad.testDescription) is not named: \(refused.refusal)")
            #expect(refused.refusal.contains(bad.text), "\(bad.testDescription): \(refused.refusal)")
        }
        expect(try pod.state(), is: before)
        expect(try lab.nodeState(pod), is: nodeBefore)
        // The same input without a fault is taken, whatever else is in it.
        try pod.add(
            "eth0", ["someKeyOfTomorrow": [1, 2], "multusNicPrefix": "net", "hostRPFilter": 1, "detectGateway": true])
    }

    /// Deleting needs none of what was wrong.
    @Test func deletingOverlooksWhatItDoesNotNeed() throws {
        let lab = try CoordinatorLab()
        for bad in Bad.keys where bad.key != "name" {
            let pod = try lab.pod()
            let outcome = try pod.call("DEL", "eth0", [bad.key: bad.value])
            let isMalformed = bad.key == "prevResult" && !bad.value.isNull
            #expect(outcome.status == 0 || isMalformed, "\(bad.testDescription): \(outcome.refusal)")
        }
    }

    @Test func anInterfaceThatIsNotThere() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", [])
        let result = pod.result("eth0") ?? .null
        try OverlayStateTests.expectRefused(lab, pod, "net9", ["prevResult": result], containing: "net9")
        try OverlayStateTests.expectRefused(
            lab, pod, "net1", ["prevResult": result], containing: "no usable IP addresses on \"net1\"")
    }

    @Test func aNamespaceThatIsNotThere() throws {
        let lab = try CoordinatorLab()
        let pod = try OptionTests.pod(lab)
        pod.space.removeName()
        let refused = try pod.call("ADD", "eth0")
        #expect(refused.status == 1)
        #expect(refused.refusal.contains(pod.space.path), "\(refused.refusal)")
        expect(try lab.nodeState(), is: "")
    }

    @Test func variables() throws {
        let lab = try CoordinatorLab()
        let agent = try AgentServer(
            in: lab.folder, #"{"mode":"auto","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":true}"#)
        let pod = try OptionTests.pod(lab)
        let keys: JSONObject = ["agent": nil, "agentSocketPath": .string(agent.path)]
        let before = try pod.state()
        for (arguments, text) in [
            ("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;COLOUR=red", "COLOUR"),
            ("K8S_POD_NAMESPACE=shop", "K8S_POD_NAME"), ("K8S_POD_NAME=web-0", "K8S_POD_NAMESPACE"),
            ("K8S_POD_NAME", "K8S_POD_NAME"),
        ] {
            let refused = try pod.call("ADD", "eth0", keys, arguments: arguments)
            #expect(refused.document?["code"] == 4, "\(arguments): \(refused.refusal)")
            #expect(refused.refusal.contains(text), "\(refused.refusal)")
        }
        #expect(agent.requests == [])
        expect(try pod.state(), is: before)
        expect(try lab.nodeState(pod), is: "")
        // Nobody is asked for deleting, so nobody has to be named.
        for arguments in ["", "COLOUR=red"] {
            #expect(try pod.call("DEL", "eth0", keys, arguments: arguments).status == 0)
        }
    }

    // MARK: Dry run

    @Test func dryRun() throws {
        let lab = try CoordinatorLab()
        let pod = try OptionTests.pod(lab)
        let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
        let planned = try pod.call("ADD", "eth0", options: ["--dry-run"])
        #expect(planned.status == 0, "\(planned.refusal)")
        let plan = try #require(planned.document?["plan"]?.arrayValue)
        #expect(!plan.isEmpty && planned.document?["warnings"]?.arrayValue != nil)
        for step in plan {
            #expect(step["at"] == "pod" || step["at"] == "node")
            #expect(step["do"]?.stringValue?.isEmpty == false && step["what"]?.stringValue?.isEmpty == false)
        }
        let words = plan.compactMap { $0["what"]?.stringValue }.joined(separator: "\n")
        for text in ["veth0", pod.hostLink, "10.96.0.0/12", "172.22.0.11", "fd00:22::11"] {
            #expect(words.contains(text), "\(text) is not in the plan")
        }
        expect(try pod.state(), is: before)
        expect(try lab.nodeState(pod), is: nodeBefore)
        #expect(try pod.packetTables() == [])
        try pod.add("eth0")
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        #expect(try pod.call("ADD", "net1", options: ["--dry-run"]).document?["plan"]?.arrayValue?.isEmpty == false)
        try pod.add("net1")
        for nic in ["eth0", "net1"] {
            #expect(try pod.call("ADD", nic, options: ["--dry-run"]).document?["plan"] == [], "\(nic)")
        }
    }
}
