import Glibc
import JSONTree
import Testing

/// VLANs on interfaces of the node.
@Suite(.onFullKernel, .serialized) struct VLANsOnFullKernel {
    let node: InterfaceNode

    init() throws {
        node = try InterfaceNode("for n in 1 2; do ip link add ens$n type dummy; done; ip link set ens2 up")
    }

    @Test func aVLANIsMadeOnceAndStays() throws {
        let keys = #""interfaces": ["ens1"], "vlanID": 100"#
        #expect(try node.add(keys).output == "{\"cniVersion\":\"1.0.0\"}\n")
        let link = try #require(try node.link("ens1.100"))
        #expect(link["link"] == "ens1")
        #expect(link["mtu"]?.int64Value == 1500)
        #expect(link["txqlen"]?.int64Value == 1000)
        #expect(link["ifalias"] == "spiderpool:ifacer")
        #expect(link["linkinfo"]?["info_data"]?["protocol"] == "802.1Q")
        #expect(link["linkinfo"]?["info_data"]?["id"]?.int64Value == 100)
        #expect(link["address"] == (try node.link("ens1")?["address"]))
        #expect(try node.isUp("ens1") && node.isUp("ens1.100"))

        let before = try node.picture()
        try node.add(keys)
        #expect(try node.picture() == before)
        let check = try node.run("CHECK", keys + #", "prevResult": {}"#)
        #expect(check.status == 0, "\(check.refusal)")
        #expect(try node.run("DEL", keys).status == 0)
        #expect(try node.picture() == before)

        try node.shell("ip link set ens1.100 down")
        let down = try node.run("CHECK", keys + #", "prevResult": {}"#)
        #expect(down.refusal.contains("104 devices of the node are not as configured; missing: switch ens1.100 on"))
        try node.add(keys)
        #expect(try node.picture() == before)

        // The same number elsewhere is refused unless it is meant.
        let other = #""interfaces": ["ens2"], "vlanID": 100"#
        #expect(
            try node.refusal(other).contains("cannot have multiple different vlan interfaces with the same vlanId 100"))
        try node.add(other + #", "allowDuplicateVLANID": true"#)
        #expect(try node.isUp("ens2.100"))
        // One VLAN on another.
        try node.add(#""interfaces": ["ens1.100"], "vlanID": 80"#)
        #expect(try node.link("ens1.100.80")?["link"] == "ens1.100")
        try node.shell("ip link delete ens1.100")
        #expect(try node.run("CHECK", keys + #", "prevResult": {}"#).status == 1)
    }

    @Test(arguments: [
        ("link ens2 name ens1.100 type vlan id 100", "it is on ens2"),
        ("ens1.100 type dummy", "it is a dummy interface"),
        ("link ens1 name storage type vlan id 100", "storage is VLAN 100 of ens1 already"),
    ])
    func somethingElseIsThere(link: String, words: String) throws {
        try node.shell("ip link add \(link)")
        let refusal = try node.refusal(#""interfaces": ["ens1"], "vlanID": 100"#)
        #expect(refusal.hasPrefix("104 ") && refusal.contains(words), "\(refusal)")
    }

    @Test func aVLANThatIsInAPodCannotBeHere() throws {
        let pod = try node.neighbour("p")
        try node.shell("ip link add link ens2 name v type vlan id 100; ip link set v netns \(pod)")
        let refusal = try node.refusal(#""interfaces": ["ens2"], "vlanID": 100"#)
        #expect(
            refusal.contains("already exists and is not visible here: it was moved to another network namespace"),
            "\(refusal)")
    }

    @Test func mtuAndNames() throws {
        try node.shell(
            "ip link set ens1 mtu 1400; ip link add verylongname12 type dummy; ip link add longname.12 type dummy")
        try node.add(#""interfaces": ["ens1"], "vlanID": 1"#)
        #expect(try node.link("ens1.1")?["mtu"]?.int64Value == 1400)
        try node.add(#""interfaces": ["ens1"], "vlanID": 2, "mtu": 1300"#)
        #expect(try node.link("ens1.2")?["mtu"]?.int64Value == 1300)
        try node.add(#""interfaces": ["ens1"], "vlanID": 2, "mtu": 1350"#)
        #expect(try node.link("ens1.2")?["mtu"]?.int64Value == 1350)
        let refusal = try node.refusal(#""interfaces": ["ens1"], "vlanID": 3, "mtu": 9000"#)
        #expect(refusal.contains("9000 is asked for, ens1 has 1400"), "\(refusal)")
        #expect(
            try node.refusal(#""interfaces": ["verylongname12"], "vlanID": 1"#).contains("has 16 bytes, 15 are allowed")
        )
        try node.add(#""interfaces": ["longname.12"], "vlanID": 123"#)
        #expect(try node.isUp("longname.12.123"))
    }
}
