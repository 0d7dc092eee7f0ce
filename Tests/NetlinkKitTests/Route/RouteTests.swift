import IPAMCore
import NetlinkKit
import Testing

/// Routes of the real kernel, set up and looked at with `ip`.
@Suite
struct RouteTests {
    static let links = """
        ip link add va type veth peer name vb; ip link set va up; ip link set vb up; ip link set lo up
        ip addr add 10.1.0.2/16 dev va; ip addr add fd00:1::2/64 dev va nodad
        ip addr add 10.2.0.2/16 dev vb; ip addr add fd00:2::2/64 dev vb nodad
        """

    /// One route each, in the words of `ip route`; what the kernel adds on its own is not named.
    @Test(arguments: [
        "10.9.0.0/16 via 10.1.0.1",
        "default via 10.1.0.1 dev va metric 100 mtu 1400 advmss 1300 src 10.2.0.2",
        "10.9.1.0/24 dev va scope link table 101 proto static",
        "10.9.2.0/24 via 192.0.2.1 dev va onlink table 70000",
        "10.9.3.0/24 nexthop via 10.1.0.1 dev va weight 3 nexthop via 10.2.0.1 dev vb weight 256",
        "10.9.4.0/24 via inet6 fd00:1::9 dev va",
        "blackhole 10.9.5.0/24", "unreachable 10.9.6.0/24 metric 7", "prohibit 10.9.7.0/24",
        "throw 10.9.8.0/24 table 5",
        "10.9.9.0/24 tos 0x10 via 10.1.0.1 dev va", "local 10.9.10.1 dev va table local scope host",
        "10.9.11.0/24 via 10.1.0.1 dev va mtu lock 1280 rtt 100ms initcwnd 20 features ecn",
        "fd00:9::/64 via fd00:1::1 dev va", "default via fd00:1::1 dev va metric 7 mtu 1400 pref high",
        "fd00:9:1::/64 dev vb table 101 proto boot", "fd00:9:2::/64 via fd00:77::1 dev va onlink",
        "fd00:9:3::/64 nexthop via fd00:1::1 dev va weight 2 nexthop via fd00:2::1 dev vb",
        "unreachable fd00:9:5::/64", "blackhole fd00:9:6::/64 metric 5",
        "fd00:9:7::/64 via fd00:1::1 dev va expires 500",
        "fd00:9:8::/64 from fd00:1::/64 via fd00:1::1 dev va",
    ])
    func isTheSameWhenAddedAgain(words: String) throws {
        try Laboratory.run("\(Self.links)\nip route add \(words)") { socket in
            let family = words.contains("fd00") && !words.contains("inet6") ? "-6" : "-4"
            // What the kernel makes of addresses comes and goes in its own time, and the seconds that are left are others.
            func listed() throws -> String {
                try Shell.output(
                    """
                    ip \(family) -d route show table all type all | grep -v 'proto kernel' | sed 's/expires [0-9]*sec//' | sort
                    """)
            }
            func told() throws -> [Route] { try socket.routes().filter { $0.origin != .kernel } }
            let before = try listed()
            let all = try told()
            let route = try #require(all.count == 1 ? all.first : nil, "\(all)")
            try socket.remove(route)
            #expect(try told().isEmpty)
            try socket.add(route)
            #expect(try listed() == before)
            let again = try told()
            if route.expiry == nil { #expect(again == [route]) } else { #expect(again.count == 1) }
        }
    }

    @Test
    func keepsEncapsulation() throws {
        try Laboratory.run("\(Self.links)\nip route add 10.9.0.0/16 encap ip id 77 dst 192.0.2.7 dev va") { socket in
            let before = try Shell.output("ip route show")
            #expect(before.contains("encap ip id 77"))
            let route = try #require(try socket.routes(.ipv4).first { "\($0.destination)" == "10.9.0.0/16" })
            try socket.remove(route)
            try socket.add(route)
            #expect(try Shell.output("ip route show") == before)
        }
    }

    @Test
    func keepsNextHopObjects() throws {
        try Laboratory.run(
            "\(Self.links)\nip nexthop add id 9 via 10.1.0.1 dev va; ip route add 10.9.0.0/16 nhid 9"
        ) { socket in
            let route = try #require(try socket.routes(.ipv4).first { "\($0.destination)" == "10.9.0.0/16" })
            #expect(route.path == .object(9))
            let before = try Shell.output("ip route show")
            try socket.remove(route)
            try socket.add(route)
            #expect(try Shell.output("ip route show") == before)
        }
    }

    @Test
    func selectsByTableAndLink() throws {
        try Laboratory.run(
            """
            \(Self.links)
            ip route add 10.9.0.0/16 via 10.1.0.1 table 101; ip route add 10.8.0.0/16 via 10.2.0.1 table 101
            ip route add 10.7.0.0/16 table 101 nexthop via 10.1.0.1 nexthop via 10.2.0.1
            """
        ) { socket in
            let link = try #require(
                LinkIndex(
                    rawValue: Int32(try Shell.output("cat /proc/net/dev_snmp6/vb | awk '/^ifIndex/ {print $2}'")) ?? 0))
            let table = RouteTable(rawValue: 101)
            #expect(
                try socket.routes(.ipv4, table: table).map(\.destination.description) == [
                    "10.7.0.0/16", "10.8.0.0/16", "10.9.0.0/16",
                ])
            #expect(
                try socket.routes(.ipv4, table: table, on: link).map(\.destination.description) == [
                    "10.7.0.0/16", "10.8.0.0/16",
                ])
            #expect(try socket.routes(.ipv6, table: table).isEmpty)
            #expect(try socket.routes(table: RouteTable(rawValue: 4_000_000)).isEmpty)
        }
    }

    @Test
    func looksUpWhatThePacketWouldDo() throws {
        try Laboratory.run(
            """
            \(Self.links)
            ip route add default via 10.1.0.1; ip route add default via 10.2.0.1 table 100
            ip rule add pref 1000 fwmark 1 lookup 100
            """
        ) { socket in
            let far = try #require(IPAddress("192.0.2.1"))
            let plain = try socket.route(to: far)
            #expect(plain.nextHops.first?.gateway == IPAddress("10.1.0.1"))
            #expect(plain.preferredSource == IPAddress("10.1.0.2"))
            #expect(plain.table == .main)
            let marked = try socket.route(to: far, mark: 1)
            #expect(marked.nextHops.first?.gateway == IPAddress("10.2.0.1"))
            #expect(marked.table == RouteTable(rawValue: 100))
            let unknown = try #require(IPAddress("2001:db8::1"))
            let error = #expect(throws: NetlinkError.self) { try socket.route(to: unknown) }
            #expect(error?.code == .unreachable)
            #expect(error?.operation == "look up route to 2001:db8::1")
        }
    }

    @Test
    func saysWhatTheKernelSays() throws {
        try Laboratory.run(Self.links) { socket in
            let prefix = try CIDR(parsing: "10.9.0.0/16")
            let route = Route(to: prefix, path: .hop(NextHop(gateway: IPAddress("192.0.2.1"))))
            let unreachable = #expect(throws: NetlinkError.self) { try socket.add(route) }
            #expect(unreachable?.code == .unreachable)
            #expect(unreachable?.description.hasPrefix("add route 10.9.0.0/16 via 192.0.2.1: ") == true)
            #expect(unreachable?.detail == "Nexthop has invalid gateway")
            let good = Route(to: prefix, path: .hop(NextHop(gateway: IPAddress("10.1.0.1"))))
            try socket.add(good)
            let doubled = #expect(throws: NetlinkError.self) { try socket.add(good) }
            #expect(doubled?.code == .exists)
            try socket.update(Route(to: prefix, path: .hop(NextHop(gateway: IPAddress("10.1.0.9")))))
            #expect(try Shell.output("ip route show 10.9.0.0/16").contains("via 10.1.0.9"))
            try socket.remove(Route(to: prefix, path: .hop(NextHop(gateway: IPAddress("10.1.0.9")))))
            let gone = #expect(throws: NetlinkError.self) { try socket.remove(good) }
            #expect(gone?.code == .notFound)
        }
    }

    @Test
    func setsTheLargestPacketAndKeepsTheRest() throws {
        try Laboratory.run("\(Self.links)\nip route add 10.9.0.0/16 via 10.1.0.1 mtu 1400 advmss 1300") { socket in
            var route = try #require(try socket.routes(.ipv4).first { "\($0.destination)" == "10.9.0.0/16" })
            #expect(route.mtuBytes == 1400)
            #expect(route.advertisedSegmentBytes == 1300)
            route.setMTU(bytes: 1280)
            try socket.update(route)
            let listed = try Shell.output("ip route show 10.9.0.0/16")
            #expect(listed.contains("mtu 1280") && listed.contains("advmss 1300"))
        }
    }

    @Test
    func carriesOutManyAtOnce() throws {
        try Laboratory.run(Self.links) { socket in
            var batch = RouteBatch()
            for number in 0..<200 {
                let prefix = try #require(
                    CIDR(containing: .v4(IPv4Address(bits: 0x0a64_0000 + UInt32(number) << 8)), prefixLength: 24))
                batch.add(
                    Route(to: prefix, path: .hop(NextHop(gateway: IPAddress(number == 7 ? "192.0.2.1" : "10.1.0.1")))))
            }
            let failures = try socket.perform(batch)
            #expect(failures.map(\.index) == [7])
            #expect(failures.first?.error.code == .unreachable)
            #expect(try socket.routes(.ipv4).count { $0.destination.description.hasPrefix("10.100.") } == 199)
        }
    }
}
