import JSONTree
import Testing

/// What Pods on underlay networks hold afterwards, exactly.
@Suite struct UnderlayStateTests {
    // MARK: One interface

    @Test(arguments: ["0.3.1", "0.4.0", "1.0.0", "1.1.0"]) func firstInterfaceIPv4(version: String) throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        let added = try pod.add("eth0", version: version)
        #expect(added.document == pod.result("eth0", version: version))
        expect(
            try pod.state(),
            is: UnderlayState.firstIPv4 + """
                addr 172.22.4.10/16 dev eth0
                link eth0 mtu 1500 up
                link veth0 mtu 1500 up
                """)
        expect(try lab.nodeState(pod), is: UnderlayState.node(pod, ["172.22.4.10"]))
        #expect(try pod.packetTables() == ["ip spiderpool"])
    }

    @Test func firstInterfaceOfBothFamilies() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        expect(try pod.state(), is: UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses)
        expect(try lab.nodeState(pod), is: UnderlayState.node(pod, ["172.22.4.10", "fd00:22::a"]))
        #expect(try pod.packetTables() == ["ip spiderpool", "ip6 spiderpool"])
        #expect(try lab.node.run("nft", "list", "tables").isEmpty)
        // Both ends were given addresses of their own, which no other program replaces.
        for (link, space) in [("veth0", pod.space), (pod.hostLink, lab.node)] {
            let mac = try #require(try pod.mac(of: link, in: space))
            #expect((UInt8(mac.prefix(2), radix: 16) ?? 0) & 3 == 2, "\(link) \(mac)")
            let file = "net/ipv6/conf/\(link)/accept_ra"
            if space === lab.node { #expect(try space.sysctl(file) == "0") }
        }
    }

    @Test func firstInterfaceIPv6Only() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["fd00:22::a/64"])
        try pod.add("eth0", ["vethLinkAddress": "169.254.100.1"])
        expect(
            try pod.state(),
            is: UnderlayState.firstIPv6 + """
                addr fd00:22::a/64 dev eth0
                link eth0 mtu 1500 up
                link veth0 mtu 1500 up
                """)
        expect(try lab.nodeState(pod), is: UnderlayState.node(pod, ["fd00:22::a"]))
        #expect(try pod.packetTables() == ["ip6 spiderpool"])
    }

    /// The runtime calls the Pod's first interface by another name.
    @Test func firstInterfaceOfAnotherName() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("lan0", "ens1", ["172.22.4.10/16", "fd00:22::a/64"])
        try pod.add("lan0", ["podDefaultCniNic": "lan0"])
        let whole = UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses
        expect(try pod.state(), is: whole.replacing(" eth0", with: " lan0"))
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", ["podDefaultCniNic": "lan0"])
        expect(try pod.state(), is: (whole + UnderlayState.net1).replacing(" eth0", with: " lan0"))
        try pod.delete("net1", ["podDefaultCniNic": "lan0"])
        #expect(try lab.nodeState(pod).lines("500/4").count == 1)
        try pod.delete("lan0", ["podDefaultCniNic": "lan0"])
        expect(try lab.nodeState(pod), is: RepetitionTests.rules)
    }

    /// A link of others in the Pod does not shift the tables.
    @Test func linksOfOthers() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.space.ip("link add other1 type veth peer name other2\nlink set other1 up\nlink set other2 up")
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1")
        expect(
            try pod.state().without { $0.contains("other") },
            is: UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses + UnderlayState.net1)
    }

    /// Nobody knows yet whether the address is used by others, so that it cannot be a route's source.
    @Test func aTentativeAddress() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        for scope in ["all", "default"] { try pod.space.setSysctl("net/ipv6/conf/\(scope)/accept_dad", "1") }
        try pod.plug("eth0", "ens1", ["172.22.4.10/16", "fd00:22::a/64"], hasDAD: true)
        try pod.add("eth0")
        let state = try pod.state()
        let withoutSource = state.lines.map { $0.replacing(" src fd00:22::a", with: "") }
        let expected = UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses
        expect(KernelState(lines: withoutSource), is: expected.replacing(" src fd00:22::a", with: ""))
    }

    @Test func anInterfaceThatIsDownIsSetUp() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"], gateways: [], extra: "link set eth0 down")
        try pod.add("eth0")
        #expect(try pod.state().lines("link eth0") == ["link eth0 mtu 1500 up"])
    }

    @Test func aNodeWithoutIPv6StillServesIPv4() throws {
        let lab = try CoordinatorLab(isIPv6: false)
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16", "fd00:22::a/64"])
        try pod.add("eth0")
        let state = try pod.state()
        expect(
            state.without { $0.contains("/6 ") || $0.hasPrefix("addr ") || $0.hasPrefix("link ") },
            is: UnderlayState.firstIPv4)
        #expect(state.lines("main/6").filter { $0.contains("veth0") } == [])
        #expect(state.lines("main/6 default") == ["main/6 default via fd00:22::1 dev eth0"])
        let warnings = lab.folder.read("log/coordinator.log").split(separator: "\n").filter { $0.contains("\"WARN\"") }
        #expect(warnings.contains { $0.contains("IPv6") }, "\(warnings)")
        for kind in Endpoint.Kind.allCases {
            #expect(
                try Traffic.ask(kind, from: pod.space, "172.22.4.10", to: lab.node, "172.22.0.11") == "172.22.4.10")
        }
    }

    // MARK: Further interfaces

    @Test func secondAndThirdInterface() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1")
        let two = UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses + UnderlayState.net1
        expect(try pod.state(), is: two)
        expect(
            try lab.nodeState(pod),
            is: UnderlayState.node(pod, ["172.22.4.10", "fd00:22::a", "172.23.4.10", "fd00:23::a"]))
        try pod.plug("net2", "ens1", ["172.22.4.11/16", "fd00:22::b/64"])
        try pod.add("net2")
        expect(try pod.state(), is: two + UnderlayState.net2)
        expect(
            try lab.nodeState(pod),
            is: UnderlayState.node(
                pod, ["172.22.4.10", "fd00:22::a", "172.23.4.10", "fd00:23::a", "172.22.4.11", "fd00:22::b"]))
    }

    @Test func lookups() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.threeInterfaces()
        let space = pod.space
        #expect(try space.way("10.96.0.10") == "veth0 172.22.0.11")
        #expect(try space.way("8.8.8.8") == "eth0 172.22.0.1")
        #expect(try space.way("172.22.0.11") == "veth0")
        #expect(try space.way("172.23.9.9") == "net1")
        #expect(try space.way("8.8.8.8", "from", "172.23.4.10") == "net1 172.23.0.1 101")
        #expect(try space.way("8.8.8.8", "from", "172.22.4.11") == "net2 172.22.0.1 102")
        #expect(try space.way("10.96.0.10", "from", "172.23.4.10") == "veth0 172.22.0.11 101")
        #expect(try space.way("2001:db8::1", "from", "fd00:23::a") == "net1 fd00:23::1 101")
        // Marked answers go back by the node whichever address they come from.
        for source in ["172.22.4.10", "172.23.4.10", "172.22.4.11"] {
            #expect(try space.way("1.2.3.4", "from", source, "mark", "1") == "veth0 172.22.0.11 100")
        }
        for source in ["fd00:22::a", "fd00:23::a", "fd00:22::b"] {
            #expect(try space.way("2001:db8::1", "from", source, "mark", "1") == "veth0 fd00:22::11 100")
        }
        for address in ["172.22.4.10", "172.23.4.10", "172.22.4.11", "fd00:22::a", "fd00:23::a", "fd00:22::b"] {
            #expect(try lab.node.way(address) == "\(pod.hostLink) 500")
        }
    }

    @Test func routesAreCopiedWithAllAttributes() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod("9f8e7d6c5b4a39", ["172.22.4.10/16"])
        try pod.plug(
            "net1", "ens2", ["172.23.4.10/16"], gateways: [],
            extra: """
                route add default via 172.23.0.1 dev net1 metric 100
                route add 10.50.0.0/16 via 172.23.0.1 dev net1 metric 50 mtu 1300 proto static
                """)
        try pod.add("net1")
        let state = try pod.state()
        let copied = "10.50.0.0/16 via 172.23.0.1 dev net1 proto static metric 50 mtu 1300"
        #expect(state.lines("101/4 default") == ["101/4 default via 172.23.0.1 dev net1 metric 100"])
        #expect(state.lines("101/4 10.50") == ["101/4 \(copied)"])
        #expect(state.lines("main/4 10.50") == ["main/4 \(copied)"])
        #expect(state.lines("main/4 default") == ["main/4 default via 172.22.0.1 dev eth0"])
    }

    @Test func anInterfaceWithoutDefaultRoute() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"], gateways: [])
        try pod.add("net1")
        expect(
            try pod.state(),
            is: KernelState(
                text: UnderlayState.firstIPv4 + UnderlayState.firstIPv6 + UnderlayState.addresses + UnderlayState.net1
            ).without { $0.hasPrefix("101/4 default") || $0.hasPrefix("101/6 default") })
    }

    @Test func aFamilyThatComesWithTheSecondInterface() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod("9f8e7d6c5b4a39", ["172.22.4.10/16"])
        try pod.plug("net1", "ens2", ["fd00:23::a/64"])
        try pod.add("net1")
        // Whether its own table is filled already does not matter: nothing asks for it.
        let state = try pod.state().without { $0.hasPrefix("101/6") || $0.hasPrefix("link net1") }
        expect(
            state,
            is: UnderlayState.firstIPv4 + """
                link eth0 mtu 1500 up
                link veth0 mtu 1500 up
                addr 172.22.4.10/16 dev eth0
                addr fd00:23::a/64 dev net1
                rule/6 1000 fwmark 0x1 lookup 100
                main/6 default via fd00:23::1 dev net1
                main/6 fd00:23::/64 dev net1 proto kernel metric 256
                main/6 fd00:22::11 dev veth0
                main/6 fd00:23::11 dev veth0
                main/6 fd00:96::/112 via fd00:23::11 dev veth0
                main/6 fd00:244::/56 via fd00:23::11 dev veth0
                100/6 default via fd00:23::11 dev veth0
                neigh fd00:22::11 dev veth0 lladdr HH
                neigh fd00:23::11 dev veth0 lladdr HH
                """)
        #expect(try pod.packetTables() == ["ip spiderpool", "ip6 spiderpool"])
        for kind in Endpoint.Kind.allCases {
            #expect(try Traffic.ask(kind, from: pod.space, "fd00:23::a", to: lab.node, "fd00:23::11") == "fd00:23::a")
            #expect(try Traffic.ask(kind, from: lab.node, "fd00:22::11", to: pod.space, "fd00:23::a") == "fd00:22::11")
        }
    }

    /// Each family's default route has an owner of its own.
    @Test func defaultRoutesOnDifferentInterfaces() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16", "fd00:22::a/64"], gateways: ["172.22.0.1"])
        try pod.add("eth0")
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"], gateways: ["fd00:23::1"])
        try pod.add("net1")
        let state = try pod.state()
        #expect(state.lines("main/4 default") == ["main/4 default via 172.22.0.1 dev eth0"])
        #expect(state.lines("main/6 default") == ["main/6 default via fd00:23::1 dev net1"])
        #expect(state.lines("rule/6") == ["rule/6 1000 fwmark 0x1 lookup 100"])
        let exchanges = [
            ("172.23.4.10", "172.23.0.11"), ("fd00:23::a", "fd00:23::11"), ("fd00:22::a", "fd00:22::11"),
        ]
        for (pods, node) in exchanges {
            #expect(try Traffic.ask(from: pod.space, pods, to: lab.node, node) == pods)
        }
    }

    /// The node has a service address on its loopback link, which must not become a gateway.
    @Test func serviceAddressesOfTheNodeAreNoGateways() throws {
        let lab = try CoordinatorLab(extra: "addr add 203.0.113.5/32 dev lo")
        let pod = try lab.underlayPod("9f8e7d6c5b4a39", ["172.22.4.10/16"])
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        for _ in 1...2 {
            try pod.add("net1")
            let state = try pod.state()
            #expect(state.lines.filter { $0.contains("via 203.0.113.5") } == [])
            expect(
                KernelState(lines: state.lines("101/4").filter { $0.contains(" via 172.22.0.11 ") }),
                is: """
                    101/4 10.96.0.0/12   via 172.22.0.11 dev veth0 src 172.22.4.10
                    101/4 10.244.0.0/16  via 172.22.0.11 dev veth0 src 172.22.4.10
                    101/4 169.254.0.0/16 via 172.22.0.11 dev veth0 src 172.22.4.10
                    """)
        }
    }
}
