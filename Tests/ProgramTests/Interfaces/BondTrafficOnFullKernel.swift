import Glibc
import JSONTree
import Testing

/// Packets over what the plugin made: to a switch, to another bond, and from Pods.
@Suite(.onFullKernel, .serialized) struct BondTrafficOnFullKernel {
    /// A node with two cards, at the other end of which is a switch with a host behind it.
    private func nodeAtASwitch() throws -> (node: InterfaceNode, rack: String) {
        let node = try InterfaceNode()
        let rack = try node.neighbour("r")
        try node.shell(
            """
            ip link set lo up
            for n in 1 2; do
                ip link add ens$n type veth peer name port$n netns \(rack)
                ip link set ens$n up
            done
            """)
        try node.shell(
            """
            ip link add switch type bridge; ip link set switch up; ip address add 10.6.0.1/16 dev switch
            for n in 1 2; do ip link set port$n master switch up; done
            ip link add link switch name vlan200 type vlan id 200; ip link set vlan200 up; ip address add 10.7.0.1/16 dev vlan200
            """, in: rack)
        return (node, rack)
    }

    @Test func aFailOverWhilePacketsFlow() throws {
        let (node, rack) = try nodeAtASwitch()
        try node.add(
            #""interfaces": ["ens1", "ens2"], "bond": {"name": "bond0", "mode": 1, "options": "primary=ens1"}, "vlanID": 200"#
        )
        try node.shell("ip address add 10.7.0.2/16 dev bond0.200; ping -c 1 -W 20 -q 10.7.0.1")
        #expect(try node.data("bond0")?["active_slave"] == "ens1")
        let flow = try node.start(["ping", "-i", "0.1", "-c", "40", "-q", "10.7.0.1"])
        try node.shell("ip link set port1 down", in: rack)
        let received = flow.wait().output
        #expect(try node.data("bond0")?["active_slave"] == "ens2")
        // The carrier is looked at every 100 ms: a few packets of forty are lost.
        let count = received.split(separator: "\n").first { $0.contains("received") }?
            .split(separator: ",").dropFirst().first?.split(separator: " ").first.flatMap { Int($0) }
        #expect(try #require(count) >= 20, "\(received)")
        try node.shell("ping -c 1 -W 20 -q 10.7.0.1")
        // A member without a carrier is no reason to change anything.
        let before = try node.picture()
        try node.add(#""interfaces": ["ens1", "ens2"], "bond": {"name": "bond0", "mode": 1}, "vlanID": 200"#)
        #expect(try node.picture() == before)
    }

    @Test func twoNodesAgreeByLACP() throws {
        let node = try InterfaceNode()
        let other = try node.neighbour("l")
        try node.shell(
            "ip link set lo up; for n in 1 2; do ip link add ens$n type veth peer name port$n netns \(other); done")
        try node.shell(
            """
            ip link add lag type bond mode 802.3ad miimon 100 lacp_rate fast
            for n in 1 2; do ip link set port$n master lag; done
            ip link set lag up; ip address add 10.6.0.1/16 dev lag
            """, in: other)
        try node.add(
            #""interfaces": ["ens1", "ens2"], "bond": {"name": "bond0", "options": "mode=4,lacp_rate=fast,xmit_hash_policy=layer3+4"}"#
        )
        try node.shell("ip address add 10.6.0.2/16 dev bond0; ping -c 1 -W 30 -q 10.6.0.1")
        let partner = try node.shell(
            "until grep -q 'Number of ports: 2' /proc/net/bonding/bond0; do :; done; cat /proc/net/bonding/bond0")
        let fields = try node.shell("ip -brief link show dev lag", in: other).split(separator: " ")
        let address = try #require(fields.count > 2 ? fields[2] : nil)
        #expect(partner.contains("Partner Mac Address: \(address)"), "\(partner)")
    }

    @Test(arguments: ["macvlan", "ipvlan"]) func podsOnAVLANOverABond(type: String) throws {
        let (node, _) = try nodeAtASwitch()
        let host = try Host(
            """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: vlan200}
            spec: {subnet: 10.7.0.0/16, ips: [10.7.0.10-10.7.0.11], gateway: 10.7.0.1}
            """)
        mkdir(node.folder.path("cni"), 0o700)
        symlink("/usr/lib/cni/\(type)", node.folder.path("cni/\(type)"))
        symlink(Program.ipam, node.folder.path("cni/spiderpool"))
        let interfaces =
            #""interfaces": ["ens1", "ens2"], "bond": {"name": "bond0", "mode": "active-backup"}, "vlanID": 200"#
        let main = host.configuration(
            ["default_ipv4_ippool": ["vlan200"]], more: ["type": .string(type), "master": "bond0.200"])
        let pods = try (type == "macvlan" ? ["p1", "p2"] : ["p1"]).map { try node.neighbour($0) }
        func call(_ command: String, _ pod: String) throws -> Outcome {
            var environment = Host.environment(command, container: pod, namespace: "/run/netns/\(pod)")
            environment["CNI_PATH"] = node.folder.path("cni")
            return try node.start(
                [node.folder.path("cni/\(type)")], environment: environment, input: main.text()
            ).wait()
        }
        for pod in pods {
            try node.add(interfaces)
            let added = try call("ADD", pod)
            try #require(added.status == 0, "\(added.refusal)")
        }
        let seen = try node.shell("ip -oneline -4 address show dev eth0; ping -c 1 -W 20 -q 10.7.0.1", in: pods[0])
        #expect(seen.contains("10.7.0.10/16"), "\(seen)")
        if pods.count > 1 { try node.shell("ping -c 1 -W 20 -q 10.7.0.10", in: pods[1]) }
        for pod in pods {
            #expect(try call("DEL", pod).status == 0)
            #expect(try node.run("DEL", interfaces).status == 0)
        }
        #expect(try host.claims() == [])
        #expect(try node.isUp("bond0.200"))
    }
}
