import JSONTree
import Testing

/// Options that shape links, sysctls and routes.
@Suite struct OptionTests {
    static func pod(_ lab: CoordinatorLab, _ addresses: [String] = ["172.22.4.10/16", "fd00:22::a/64"]) throws -> LabPod
    {
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", addresses)
        return pod
    }

    // MARK: MAC addresses

    struct Prefix: Sendable, CustomTestStringConvertible {
        let text: String
        let addresses: [String]
        let mac: String
        var testDescription: String { "\(text) \(addresses)" }

        static let all = [
            Prefix(text: "0a:1b", addresses: ["172.22.4.10/16", "fd00:22::a/64"], mac: "0a:1b:ac:16:04:0a"),
            Prefix(text: "0a-1b", addresses: ["172.22.4.10/16"], mac: "0a:1b:ac:16:04:0a"),
            Prefix(text: "0A:1B", addresses: ["fd00:22::a/64"], mac: "0a:1b:00:00:00:0a"),
        ]
    }

    @Test(arguments: Prefix.all) func macPrefix(_ prefix: Prefix) throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, prefix.addresses)
        let tap = try WireTap(in: lab.fabric)
        let added = try pod.add("eth0", ["podMACPrefix": .string(prefix.text)])
        #expect(try pod.mac(of: "eth0", in: pod.space) == prefix.mac)
        #expect(added.document?["interfaces"]?.arrayValue?.first?["mac"]?.stringValue == prefix.mac)
        // Nothing else of the result changed.
        var expected = try #require(pod.result("eth0")?.objectValue)
        expected["interfaces"] = [
            ["name": "eth0", "mac": .string(prefix.mac), "sandbox": .string(pod.space.path)]
        ]
        #expect(added.document == .object(expected))
        // The node's neighbours are those of the link between, not of eth0.
        expect(
            try lab.nodeState(pod),
            is: UnderlayState.node(pod, prefix.addresses.map { String($0.split(separator: "/")[0]) }))
        let mac = prefix.mac.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        if prefix.addresses.contains("172.22.4.10/16") {
            // ARP: request or reply to all, from and about the address.
            let address: [UInt8] = [172, 22, 4, 10]
            let seen = tap.frame { frame in
                frame.count >= 42 && Array(frame[0..<6]) == [255, 255, 255, 255, 255, 255]
                    && Array(frame[6..<14]) == mac + [8, 6] && Array(frame[22..<28]) == mac
                    && Array(frame[28..<32]) == address && Array(frame[38..<42]) == address
            }
            #expect(seen != nil, "no ARP announcement")
        }
        if prefix.addresses.contains("fd00:22::a/64") {
            let address: [UInt8] = [0xfd, 0, 0, 0x22] + [UInt8](repeating: 0, count: 11) + [0xa]
            let tap = try WireTap(in: lab.fabric)
            try pod.add("eth0", ["podMACPrefix": "0e:1b"])
            let again: [UInt8] = [0x0e, 0x1b] + mac[2...]
            // Neighbor Advertisement, not solicited, overriding, hop limit 255, to all nodes, with the link's address.
            let seen = tap.frame { frame in
                frame.count >= 86 && Array(frame[6..<14]) == again + [0x86, 0xdd] && frame[20] == 58 && frame[21] == 255
                    && frame[54] == 136 && frame[58] & 0xe0 == 0x20 && Array(frame[62..<78]) == address
                    && frame[38] == 0xff && frame[53] == 1 && Array(frame[78..<80]) == [2, 1]
                    && Array(frame[80..<86]) == again
            }
            #expect(seen != nil, "no unsolicited Neighbor Advertisement")
        }
    }

    @Test func aMACAddressThatIsRightIsLeftAlone() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try pod.add("eth0", ["podMACPrefix": "0a:1b"])
        let before = try pod.state()
        let added = try pod.add("eth0", ["podMACPrefix": "0a:1b"])
        #expect(
            added.document?["interfaces"]?.arrayValue?.first?["mac"] == "0a:1b:ac:16:04:0a")
        expect(try pod.state(), is: before)
    }

    // MARK: Links

    @Test func txQueueLenIsThePodsOwn() throws {
        let lab = try CoordinatorLab(extra: "link add eth0 type veth peer name peer")
        let pod = try Self.pod(lab)
        func length(_ space: Space, _ link: String) throws -> Int64? {
            let links = try JSONValue(parsing: try space.run("ip", "-j", "link", "show", "dev", link))
            return links.arrayValue?.first?["txqlen"]?.int64Value
        }
        let before = try length(lab.node, "eth0")
        try pod.add("eth0", ["txQueueLen": 2000])
        #expect(try length(pod.space, "eth0") == 2000)
        #expect(try length(lab.node, "eth0") == before)
    }

    @Test(arguments: [("169.254.100.1", "169.254.100.1/32"), ("fd00::1", "fd00::1/128")])
    func linkAddress(text: String, expected: String) throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        for _ in 1...2 {
            try pod.add("eth0", ["vethLinkAddress": .string(text)])
            #expect(try pod.state().lines("addr \(expected)") == ["addr \(expected) dev veth0"])
        }
    }

    @Test func vethMTU() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try pod.add("eth0", ["vethMTU": 1400])
        #expect(try pod.state().lines("link veth0") == ["link veth0 mtu 1400 up"])
        #expect(try lab.nodeState(pod).lines("link \(pod.hostLink) mtu 1400 up").count == 1)
    }

    @Test func anMTUThatTheKernelRefuses() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try OverlayStateTests.expectRefused(lab, pod, "eth0", ["vethMTU": 50], containing: "mtu")
        try pod.add("eth0")
    }

    /// Somebody else's link has the name that ours would get.
    @Test func aForeignLinkOfThatNameIsLeftAlone() throws {
        let lab = try CoordinatorLab(extra: "link add veth9f8e7d6c5b4 type veth peer name other")
        let pod = try Self.pod(lab)
        try OverlayStateTests.expectRefused(lab, pod, "eth0", [:], containing: pod.hostLink)
        try pod.delete("eth0")
        expect(try lab.nodeState(), is: "")
    }

    // MARK: Sysctls

    struct Filter: Sendable, CustomTestStringConvertible {
        let value: JSONValue
        /// What links have afterwards.
        let expected: String
        var testDescription: String { "\(value)" }

        static let all = [
            Filter(value: 0, expected: "0"), Filter(value: 1, expected: "1"), Filter(value: 2, expected: "2"),
            Filter(value: -1, expected: "1"), Filter(value: -5, expected: "1"),
        ]
    }

    @Test(arguments: Filter.all) func reversePathFilter(_ filter: Filter) throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        // As on a node whose distribution filters, which the kernel lets Pods inherit.
        for scope in ["all", "default"] { try pod.space.setSysctl("net/ipv4/conf/\(scope)/rp_filter", "1") }
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        let before = try lab.node.sysctl("net/ipv4/conf/ens1/rp_filter")
        try pod.add("eth0", ["podRPFilter": filter.value])
        for scope in ["all", "default", "eth0", "veth0"] {
            #expect(try pod.space.sysctl("net/ipv4/conf/\(scope)/rp_filter") == filter.expected, "\(scope)")
        }
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        try pod.space.setSysctl("net/ipv4/conf/net1/rp_filter", "1")
        try pod.add("net1", ["podRPFilter": filter.value])
        #expect(try pod.space.sysctl("net/ipv4/conf/net1/rp_filter") == filter.expected)
        for scope in ["all", "default", "ens1"] {
            #expect(try lab.node.sysctl("net/ipv4/conf/\(scope)/rp_filter") == before)
        }
    }

    @Test func reversePathFilterIsOffUnlessSaid() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        for scope in ["all", "default"] { try pod.space.setSysctl("net/ipv4/conf/\(scope)/rp_filter", "1") }
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        try pod.add("eth0")
        for scope in ["all", "eth0", "veth0"] {
            #expect(try pod.space.sysctl("net/ipv4/conf/\(scope)/rp_filter") == "0", "\(scope)")
        }
    }

    // MARK: Routes

    static let policy: JSONObject = [
        "policyRoutes": [
            ["dst": "10.10.0.0/16", "gw": "172.22.0.1"], ["dst": " 10.11.12.13 ", "gw": " 172.22.0.1 "],
            ["dst": "fd00:10::1/64", "gw": "fd00:22::1"],
        ]
    ]

    @Test func policyRoutesOfTheFirstInterface() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        for _ in 1...2 {
            try pod.add("eth0", Self.policy)
            expect(
                try pod.state(),
                is: UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses + """
                    main/4 10.10.0.0/16 via 172.22.0.1 dev eth0
                    main/4 10.11.12.13 via 172.22.0.1 dev eth0
                    main/6 fd00:10::/64 via fd00:22::1 dev eth0
                    """)
        }
    }

    @Test func policyRoutesOfAFurtherInterface() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens1", ["172.22.4.11/16"])
        try pod.add("net1", Self.policy)
        let state = try pod.state()
        let lines = state.lines.filter { $0.contains("10.1") && $0.contains("172.22.0.1 ") || $0.contains("fd00:10:") }
        // Of a family that the interface does not have nothing is made.
        #expect(
            lines == [
                "101/4 10.10.0.0/16 via 172.22.0.1 dev net1", "101/4 10.11.12.13 via 172.22.0.1 dev net1",
            ])
    }

    @Test func aPolicyRouteThatTheKernelRefuses() throws {
        let lab = try CoordinatorLab()
        // The node's rules are those of all Pods, and stay.
        let other = try lab.underlayPod("aaaaaaaaaaaaaa", ["172.22.4.90/16", "fd00:22::90/64"])
        let pod = try Self.pod(lab)
        // Whatever was done before is undone.
        try OverlayStateTests.expectRefused(
            lab, pod, "eth0", ["policyRoutes": [["dst": "10.10.0.0/16", "gw": "192.0.2.77"]]],
            containing: "10.10.0.0/16", "192.0.2.77")
        #expect(try pod.packetTables() == [])
        try pod.add("eth0")
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try OverlayStateTests.expectRefused(
            lab, pod, "net1",
            ["podDefaultRouteNic": "net1", "policyRoutes": [["dst": "10.10.0.0/16", "gw": "192.0.2.77"]]],
            containing: "10.10.0.0/16", "192.0.2.77")
        try other.delete("eth0")
    }

    @Test func hostRuleTable() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try pod.add("eth0", ["hostRuleTable": 600])
        expect(
            try lab.nodeState(pod), is: UnderlayState.node(pod, table: "600", ["172.22.4.10", "fd00:22::a"]))
        // DEL finds it without being told.
        try pod.delete("eth0")
        expect(try lab.nodeState(pod), is: "rule/4 1000 lookup 600\nrule/6 1000 lookup 600")
    }

    @Test func whatOthersLeftOnTheNodeForTheAddressIsReplaced() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try lab.node.ip(
            """
            neigh add 172.22.4.10 lladdr 02:00:00:00:00:99 dev ens2 nud permanent
            neigh add fd00:22::a lladdr 02:00:00:00:00:99 dev ens2 nud permanent
            route add 172.22.4.10/32 dev ens2 table 500
            route add 172.22.4.10/32 dev ens2 table 500 metric 7
            route add fd00:22::a/128 dev ens2 table 500
            """)
        try pod.add("eth0")
        expect(try lab.nodeState(pod), is: UnderlayState.node(pod, ["172.22.4.10", "fd00:22::a"]))
    }

    @Test func hijackedNetworksWithBlanksAround() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, ["172.22.4.10/16"])
        try pod.add("eth0", ["serviceCIDR": [" 10.96.0.0/12 "], "overlayPodCIDR": [], "hijackCIDR": nil])
        #expect(
            try pod.state().lines.filter { $0.contains(" via 172.22.0.11 ") && $0.hasPrefix("main") } == [
                "main/4 10.96.0.0/12 via 172.22.0.11 dev veth0 src 172.22.4.10"
            ])
    }
}
