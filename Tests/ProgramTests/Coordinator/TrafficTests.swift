import JSONTree
import Testing

/// Real packets to and from Pods whose interfaces coordinator has worked on.
///
/// The routers of the fabric drop what comes by a network that its source does not belong to, as those of data centres do.
@Suite struct TrafficTests {
    static let guards = """
        table inet guards {
            chain prerouting {
                type filter hook prerouting priority raw;
                iifname "br1" ip saddr != 172.22.0.0/16 ip protocol { tcp, udp } drop
                iifname "br2" ip saddr != 172.23.0.0/16 ip protocol { tcp, udp } drop
                iifname "br1" ip6 saddr != fd00:22::/64 meta l4proto { tcp, udp } drop
                iifname "br2" ip6 saddr != fd00:23::/64 meta l4proto { tcp, udp } drop
            }
        }
        """

    /// A lab with a client behind the routers and one whose way leads through the node, both with addresses that nobody changes.
    final class World {
        let lab: CoordinatorLab
        let outside: Space
        let behindNode: Space

        init() throws {
            lab = try CoordinatorLab()
            outside = try lab.space("outside")
            behindNode = try lab.space("behind")
            try lab.fabric.run("nft", "-f", "-", input: TrafficTests.guards)
            try Self.connect(outside, to: lab.fabric, "198.51.100", "2001:db8:1:")
            try Self.connect(behindNode, to: lab.node, "198.51.200", "2001:db8:2:")
        }

        private static func connect(_ client: Space, to router: Space, _ ipv4: String, _ ipv6: String) throws {
            try router.ip(
                """
                link add edge type veth peer name uplink netns \(client.name)
                addr add \(ipv4).1/24 dev edge
                addr add \(ipv6):1/64 dev edge nodad
                link set edge up
                """)
            try client.ip(
                """
                addr add \(ipv4).7/24 dev uplink
                addr add \(ipv6):7/64 dev uplink nodad
                link set uplink up
                route add default via \(ipv4).1
                route add default via \(ipv6):1
                """)
        }

        /// Client, its addresses, and what stands in a failure.
        var clients: [(name: String, space: Space, ipv4: String, ipv6: String)] {
            [
                ("outside", outside, "198.51.100.7", "2001:db8:1::7"),
                ("behind the node", behindNode, "198.51.200.7", "2001:db8:2::7"),
            ]
        }

        /// Every client, and the node, reaches every address by TCP and UDP, and is seen with its own address.
        func expectAllReach(
            _ addresses: [String], of pod: LabPod, _ comment: String = "",
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let node = (name: "node", space: lab.node, ipv4: "172.22.0.11", ipv6: "fd00:22::11")
            for client in clients + [node] {
                for address in addresses {
                    let source = address.contains(":") ? client.ipv6 : client.ipv4
                    for kind in Endpoint.Kind.allCases {
                        let seen = try Traffic.ask(kind, from: client.space, source, to: pod.space, address)
                        #expect(
                            seen == source, "\(client.name) → \(address) \(kind) \(comment)",
                            sourceLocation: sourceLocation)
                    }
                }
            }
        }
    }

    static let two = ["172.22.4.10", "fd00:22::a", "172.23.4.10", "fd00:23::a"]
    static let three = two + ["172.22.4.11", "fd00:22::b"]

    /// The lab itself tells whether coordinator did its work.
    @Test func withoutCoordinatorTheyAreLost() throws {
        let world = try World()
        let pod = try world.lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        try pod.plug("net1", "ens2", ["172.23.4.10/16"], gateways: [])
        func ask(_ client: Space, _ source: String, _ address: String) throws -> String {
            try Traffic.ask(from: client, source, to: pod.space, address, patience: Traffic.briefly)
        }
        #expect(try Traffic.ask(from: world.outside, "198.51.100.7", to: pod.space, "172.22.4.10") == "198.51.100.7")
        // The answer of net1 leaves by eth0, and a macvlan does not reach its parent.
        #expect(try ask(world.outside, "198.51.100.7", "172.23.4.10").hasPrefix("lost"))
        #expect(try ask(world.lab.node, "172.22.0.11", "172.22.4.10").hasPrefix("lost"))
        #expect(try ask(world.behindNode, "198.51.200.7", "172.22.4.10").hasPrefix("lost"))
    }

    @Test(arguments: ["", "net1", "net2"]) func everyClientReachesEveryInterface(owner: String) throws {
        let world = try World()
        let keys: JSONObject = owner.isEmpty ? [:] : ["podDefaultRouteNic": .string(owner)]
        let pod = try world.lab.underlayPod()
        try world.expectAllReach(["172.22.4.10", "fd00:22::a"], of: pod, "with one interface")
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", owner == "net1" ? keys : [:])
        try pod.plug("net2", "ens1", ["172.22.4.11/16", "fd00:22::b/64"])
        try pod.add("net2", keys)
        try world.expectAllReach(Self.three, of: pod)
        for nic in ["net1", "eth0", "net2"] { try pod.add(nic, nic == "net2" || nic == owner ? keys : [:]) }
        try world.expectAllReach(Self.three, of: pod, "after repeated ADD")
        try pod.delete("net1")
        try pod.unplug("net1")
        try world.expectAllReach(["172.22.4.10", "fd00:22::a", "172.22.4.11", "fd00:22::b"], of: pod, "without net1")
    }

    /// The Pod asks the node, the world and other Pods, from each of its addresses.
    @Test func podsReachOthers() throws {
        let world = try World()
        let pod = try world.lab.threeInterfaces()
        let sameNode = try world.lab.pod("aaaaaaaaaaaaaa")
        try sameNode.plug("eth0", "ens1", ["172.22.4.30/16", "fd00:22::30/64"])
        try sameNode.add("eth0")
        let node2 = try world.lab.secondNode()
        let otherNode = try world.lab.pod("bbbbbbbbbbbbbb", on: node2)
        try otherNode.plug("eth0", "ens1", ["172.22.4.40/16", "fd00:22::40/64"])
        try otherNode.add("eth0")
        let targets: [(Space, String, String)] = [
            (world.lab.node, "172.22.0.11", "fd00:22::11"), (world.lab.node, "172.23.0.11", "fd00:23::11"),
            (sameNode.space, "172.22.4.30", "fd00:22::30"), (otherNode.space, "172.22.4.40", "fd00:22::40"),
            (node2, "172.22.0.12", "fd00:22::12"), (world.outside, "198.51.100.7", "2001:db8:1::7"),
        ]
        for source in Self.three {
            for (space, ipv4, ipv6) in targets {
                let target = source.contains(":") ? ipv6 : ipv4
                for kind in Endpoint.Kind.allCases {
                    let seen = try Traffic.ask(kind, from: pod.space, source, to: space, target)
                    #expect(seen == source, "\(source) → \(target) \(kind)")
                }
            }
        }
        for (client, ipv4, ipv6) in [
            (sameNode.space, "172.22.4.30", "fd00:22::30"), (otherNode.space, "172.22.4.40", "fd00:22::40"),
        ] {
            for address in Self.three {
                let source = address.contains(":") ? ipv6 : ipv4
                #expect(try Traffic.ask(from: client, source, to: pod.space, address) == source, "→ \(address)")
            }
        }
    }

    @Test(arguments: ["", "net1"]) func calicoPods(owner: String) throws {
        let world = try World()
        let keys: JSONObject = owner.isEmpty ? [:] : ["podDefaultRouteNic": .string(owner)]
        let pod = try OverlayStateTests.pod(world.lab, net1: keys)
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2", keys)
        // The node, and who comes through it, reach the overlay address; the node also those of the other interfaces.
        for kind in Endpoint.Kind.allCases {
            for address in ["10.244.3.7", "172.22.4.20", "172.23.4.20"] {
                let seen = try Traffic.ask(kind, from: world.lab.node, "172.22.0.11", to: pod.space, address)
                #expect(seen == "172.22.0.11", "node → \(address) \(kind)")
            }
            if owner.isEmpty {
                let seen = try Traffic.ask(kind, from: world.behindNode, "198.51.200.7", to: pod.space, "10.244.3.7")
                #expect(seen == "198.51.200.7", "behind the node → eth0 \(kind)")
            }
            for address in ["172.22.4.20", "172.23.4.20"] {
                let seen = try Traffic.ask(kind, from: world.outside, "198.51.100.7", to: pod.space, address)
                #expect(seen == "198.51.100.7", "outside → \(address) \(kind)")
                #expect(try Traffic.ask(kind, from: pod.space, address, to: world.outside, "198.51.100.7") == address)
            }
            #expect(
                try Traffic.ask(kind, from: pod.space, "10.244.3.7", to: world.lab.node, "172.22.0.11") == "10.244.3.7")
        }
    }

    // MARK: Marks

    /// A mark of the application is still there where the packet leaves the Pod.
    @Test func marksOfApplicationsSurvive() throws {
        let world = try World()
        let pod = try world.lab.underlayPod()
        try pod.space.run(
            "nft", "-f", "-",
            input: """
                table inet probe {
                    counter marked { }
                    chain leaving {
                        type filter hook postrouting priority 0;
                        meta mark 0x539 counter name marked
                    }
                }
                """)
        let client = try Endpoint(.udp, in: pod.space, at: "172.22.4.10", mark: 0x539)
        let server = try Endpoint(.udp, in: world.outside, at: "198.51.100.7")
        try client.send("x", to: "198.51.100.7", port: server.port)
        let question = try #require(server.receive(within: Endpoint.patience))
        try server.send("y", to: question.peer, port: question.port)
        #expect(client.receive(within: Endpoint.patience)?.text == "y")
        let counters = try JSONValue(parsing: try pod.space.run("nft", "-j", "list", "counters"))
        let packets = (counters["nftables"]?.arrayValue ?? []).compactMap { $0["counter"]?["packets"]?.int64Value }
        #expect(packets == [1])
    }

    /// Rules of others in the Pod are as they were, also when coordinator's are made and made again.
    @Test func foreignPacketRulesAreLeftAlone() throws {
        let world = try World()
        let pod = try world.lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        try pod.space.run(
            "iptables", "-t", "mangle", "-A", "OUTPUT", "-d", "192.0.2.0/24", "-j", "MARK", "--set-mark",
            "0x7000/0xf000")
        try pod.space.run("nft", "add table inet mesh")
        for _ in 1...2 {
            try pod.add("eth0")
            let rules = try pod.space.run("iptables", "-t", "mangle", "-S")
            #expect(
                rules.split(separator: "\n").filter { $0.hasPrefix("-A") } == [
                    "-A OUTPUT -d 192.0.2.0/24 -j MARK --set-xmark 0x7000/0xf000"
                ])
            #expect(try pod.packetTables().sorted() == ["inet mesh", "ip mangle", "ip spiderpool"])
        }
        try world.expectAllReach(["172.22.4.10"], of: pod)
    }
}
