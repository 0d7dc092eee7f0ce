import Glibc
import JSONTree
import Testing

/// Bonds of interfaces of the node, made, found, completed and refused.
@Suite(.onFullKernel, .serialized) struct BondDevicesOnFullKernel {
    let node: InterfaceNode

    init() throws {
        node = try InterfaceNode(
            "for n in 1 2 3 4; do ip link add ens$n type dummy; done; ip link set ens1 up; ip link set ens3 up")
    }

    static func bond(_ bond: String, count: Int = 2, _ more: String = "") -> String {
        let interfaces = (1...count).map { "\"ens\($0)\"" }.joined(separator: ", ")
        return #""interfaces": [\#(interfaces)], "bond": {"name": "bond0"\#(bond.isEmpty ? "" : ", ")\#(bond)}\#(more)"#
    }

    @Test func optionsAreReadBackAndChanged() throws {
        let lacp =
            "lacp_rate=fast;xmit_hash_policy=layer3+4,ad_select=bandwidth min_links=1;ad_actor_sys_prio=100;"
            + "ad_actor_system=02:00:00:00:00:01;ad_user_port_key=5;updelay=250;miimon=100;downdelay=150;num_grat_arp=0"
        try node.add(Self.bond(#""mode": "802.3ad", "options": "\#(lacp)""#))
        let data = try #require(try node.data("bond0"))
        for (key, value) in [
            ("ad_lacp_rate", "fast"), ("xmit_hash_policy", "layer3+4"), ("ad_select", "bandwidth"),
            ("ad_actor_system", "02:00:00:00:00:01"),
        ] { #expect(data[key]?.stringValue == value, "\(key)") }
        for (key, value) in [
            ("min_links", 1), ("ad_actor_sys_prio", 100), ("ad_user_port_key", 5), ("updelay", 200), ("downdelay", 100),
            ("num_peer_notif", 0),
        ] { #expect(data[key]?.int64Value == Int64(value), "\(key)") }
        // What can be changed while it runs is, the rest is refused.
        try node.add(Self.bond(#""mode": 4, "options": "miimon=50;xmit_hash_policy=2""#))
        #expect(try node.data("bond0")?["miimon"]?.int64Value == 50)
        let refusal = try node.refusal(Self.bond(#""mode": 4, "options": "lacp_rate=slow""#))
        #expect(refusal.contains("lacp_rate differs: it is fast, slow is asked for"), "\(refusal)")
        let mode = try node.refusal(Self.bond(#""mode": 1"#))
        #expect(mode.contains("mode differs: it is 802.3ad, active-backup is asked for"), "\(mode)")
        let strict = try node.refusal(Self.bond(#""mode": 4, "existing": "strict", "options": "miimon=100""#))
        #expect(strict.contains("miimon differs: it is 50, 100 is asked for"), "\(strict)")
        try node.add(Self.bond(#""mode": 1, "existing": "adopt""#))
        #expect(try node.data("bond0")?["mode"] == "802.3ad")
    }

    @Test func watchingByARPAndMembersByName() throws {
        try node.add(
            Self.bond(#""mode": 1, "options": " primary=ens2 ; arp_interval=100;arp_ip_target=10.0.0.1,10.0.0.2 ""#))
        let data = try #require(try node.data("bond0"))
        #expect(data["arp_interval"]?.int64Value == 100)
        #expect(data["arp_ip_target"]?.arrayValue?.count == 2)
        #expect(data["primary"] == "ens2")
        #expect(data["miimon"]?.int64Value == 0)
        // From one kind of monitoring to the other, and another member.
        try node.add(Self.bond(#""mode": 1, "options": "primary=ens1""#))
        let changed = try #require(try node.data("bond0"))
        #expect(changed["arp_interval"]?.int64Value == 0 && changed["miimon"]?.int64Value == 100)
        #expect(changed["primary"] == "ens1" && changed["active_slave"] == "ens1")
        try node.shell("ip link delete bond0")
        try node.add(Self.bond(#""mode": 1, "options": "active_slave=ens2""#))
        #expect(try node.data("bond0")?["active_slave"] == "ens2")
        // A fail-over is not undone.
        try node.shell("ip link set bond0 type bond active_slave ens1")
        try node.add(Self.bond(#""mode": 1, "options": "active_slave=ens2""#))
        #expect(try node.data("bond0")?["active_slave"] == "ens1")
    }

    @Test func theMTUOfBondMembersAndVLAN() throws {
        try node.shell("for n in 1 2 3 4; do ip link set ens$n mtu 9000; done; ip link set ens2 mtu 8000")
        func mtus() throws -> [Int64?] {
            try ["ens1", "ens2", "bond0", "bond0.7"].map { try node.link($0)?["mtu"]?.int64Value }
        }
        try node.add(Self.bond(#""mode": 1"#, #", "vlanID": 7"#))
        #expect(try mtus() == [8000, 8000, 8000, 8000])
        try node.add(Self.bond(#""mode": 1"#, #", "vlanID": 7, "mtu": 1400"#))
        #expect(try mtus() == [8000, 8000, 8000, 1400])
        try node.add(Self.bond(#""mode": 1"#, #", "vlanID": 7, "mtu": 9000"#))
        #expect(try mtus() == [9000, 9000, 9000, 9000])
        try node.add(Self.bond(#""mode": 1"#, #", "mtu": 1500"#))
        #expect(try mtus() == [1500, 1500, 1500, 1500])
    }

    @Test func whatCannotBeDoneLeavesNothing() throws {
        let first = try node.refusal(Self.bond("", count: 5))
        #expect(first.hasPrefix("104 Link not found: ens5; interfaces[4]"), "\(first)")
        try node.shell(
            "ip link add other type bond mode active-backup; ip link set ens2 master other; ip link set other up")
        let busy = try node.refusal(Self.bond(""))
        #expect(busy.contains("ens2 is in bond other already"), "\(busy)")
        #expect(try node.isUp("ens2"))
        try node.shell("ip link delete other; ip link add bond0 type dummy")
        let dummy = try node.refusal(Self.bond(""))
        #expect(dummy.hasPrefix("104 a non-bond type interface named bond0 already exists on the host"), "\(dummy)")
        try node.shell(
            "ip link delete bond0; ip link add bond0 type bond; ip link set ens4 down; ip link set ens4 master bond0")
        let stranger = try node.refusal(Self.bond(""))
        #expect(stranger.contains("it has other members: ens4"), "\(stranger)")
    }

    @Test func aHalfMadeBondIsCompleted() throws {
        // Without a member, as one that the module made when it was loaded; and without one of two.
        try node.shell("ip link add bond0 type bond")
        try node.add(Self.bond(#""mode": 1, "options": "fail_over_mac=active""#))
        let whole = try node.shell("cat /proc/net/bonding/bond0")
        #expect(whole.contains("fault-tolerance (active-backup) (fail_over_mac active)"), "\(whole)")
        #expect(whole.contains("Slave Interface: ens1") && whole.contains("Slave Interface: ens2"))
        let before = try node.picture()
        try node.shell("ip link set ens1 nomaster")
        let check = try node.run("CHECK", Self.bond(#""mode": 1"#) + #", "prevResult": {}"#)
        #expect(check.refusal.contains("missing: put ens1 into bond0"), "\(check.refusal)")
        try node.add(Self.bond(#""mode": 1"#))
        #expect(try node.picture().count == before.count)
        #expect(try node.link("ens1")?["master"] == "bond0" && node.isUp("ens1"))
    }

    @Test func addressesAndRoutesMoveWhenThatIsAsked() throws {
        try node.shell("ip address add 10.1.1.1/24 dev ens1; ip route add default via 10.1.1.254")
        let refusal = try node.refusal(Self.bond(#""mode": 1"#))
        #expect(
            refusal.hasPrefix(
                "104 ens1 carries traffic of the node; interfaces[0]: ens1 has the address 10.1.1.1/24 and the route default, which"
            ), "\(refusal)")
        try node.add(Self.bond(#""mode": 1, "force": true"#))
        #expect(
            try node.shell("ip route")
                == "default via 10.1.1.254 dev bond0 \n10.1.1.0/24 dev bond0 proto kernel scope link src 10.1.1.1 \n")
        #expect(try node.shell("ip -oneline -4 address show dev ens1") == "")
    }

    // MARK: Many at once, and killed

    @Test func thirtyTwoAtOnceMakeOne() throws {
        let keys = Self.bond(#""mode": 1"#, #", "vlanID": 200"#)
        let outcomes = try (1...32).map { try node.begin("ADD", keys, container: "box\($0)") }.map { $0.wait() }
        for outcome in outcomes { #expect(outcome.status == 0, "\(outcome.refusal)") }
        let log = node.folder.read("log/ifacer.log").split(separator: "\n")
        #expect(log.count == 1, "one made them: \(log)")
        #expect(try node.shell("ip -brief link show type vlan").split(separator: "\n").count == 1)
        #expect(try node.shell("ip -oneline link show master bond0").split(separator: "\n").count == 2)
    }

    /// A datagram to the kernel is worked through within one system call, so a process can be killed only between two.
    @Test func killedBetweenAnyTwoChanges() throws {
        let keys = Self.bond(#""mode": 1, "options": "primary=ens2""#, #", "vlanID": 200"#)
        let log = node.folder.path("calls")
        let whole = try node.begin("ADD", keys) { Trace.command($0, recording: ["sendto"], to: log, hex: true) }.wait()
        try #require(whole.status == 0, "\(whole.refusal) \(whole.diagnostics)")
        let changes = Trace.calls(in: node.folder.read("calls")).enumerated()
            .filter { _, call in ["NEW", "SET"].contains { call.arguments.contains("nlmsg_type=RTM_\($0)LINK") } }
            .map { $0.offset + 1 }
        #expect(changes.count == 2, "the bond; all the rest")
        let cards = "ip link delete bond0 2>/dev/null || true; ip link set ens1 up; ip link set ens2 down"
        let wanted = try node.picture()
        var states: Set<String> = []
        for number in Set(changes + changes.map { $0 + 1 }).sorted() {
            try node.shell(cards)
            let killed = try node.begin("ADD", keys) {
                Trace.command($0, killingAt: "sendto", number: number)
            }.wait()
            #expect(killed.status == 128 + SIGKILL, "killed at \(number)")
            states.insert(try node.shell("ip -brief link | cut -d' ' -f1"))
            try node.add(keys)
            #expect(try node.picture() == wanted, "killed at \(number)")
        }
        #expect(states.count >= 3, "nothing, a bond, everything: \(states)")
    }
}
