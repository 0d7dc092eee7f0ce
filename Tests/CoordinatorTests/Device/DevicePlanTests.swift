import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// Plans as text: what is on the node, what is asked for, what would be done.
@Suite struct DevicePlanTests {
    var node = NodeModel.threeCards

    // MARK: One interface

    @Test func oneInterfaceIsLeftAlone() throws {
        #expect(node.plan(try .of("ens1")) == "nothing")
        #expect(node.plan(try .of("ens1", bond: "bond0", mode: "99")) == "nothing")
        #expect(try DeviceConfiguration.of("ens1", bond: "bond0").warnings.count == 1)
        #expect(node.plan(try .of("ens1", mtu: 1500)) == "nothing")
        let other = node.plan(try .of("ens1", mtu: 9000))
        #expect(other.hasPrefix("mismatch: mtu differs; mtu: ens1 has 1500 and 9000 is asked for"), "\(other)")
    }

    @Test func aMissingInterfaceIsNamed() throws {
        #expect(
            node.plan(try .of("ens9", vlan: 100)) == """
                missing: Link not found: ens9; interfaces[0]: there is no ens9 on this node: correct the name, or see why \
                its driver has not made it
                """)
        #expect(node.plan(try .of("ens1", "ens9", bond: "b")).hasPrefix("missing: Link not found: ens9; interfaces[1]"))
    }

    // MARK: VLANs

    @Test mutating func aVLANIsMade() throws {
        #expect(
            node.plan(try .of("ens1", vlan: 100)) == """
                make VLAN interface ens1.100: VLAN 100 on ens1
                mark ens1.100 as made by ifacer
                switch ens1.100 on
                """)
        node.change("ens1") { $0.flags = [] }
        #expect(
            node.plan(try .of("ens1", vlan: 100, mtu: 1400)) == """
                switch ens1 on
                make VLAN interface ens1.100: VLAN 100 on ens1, mtu 1400
                mark ens1.100 as made by ifacer
                switch ens1.100 on
                """)
    }

    @Test mutating func aVLANThatIsThereIsSwitchedOnAndNothingElse() throws {
        try node.addVLAN("ens1.100", 100, on: "ens1")
        #expect(node.plan(try .of("ens1", vlan: 100)) == "nothing")
        node.change("ens1.100") { $0.flags = [] }
        #expect(node.plan(try .of("ens1", vlan: 100)) == "switch ens1.100 on")
        node.change("ens1") { $0.flags = [] }
        #expect(node.plan(try .of("ens1", vlan: 100)) == "switch ens1 on\nswitch ens1.100 on")
    }

    @Test mutating func aVLANOnAVLAN() throws {
        try node.addVLAN("ens1.79", 79, on: "ens1")
        #expect(node.plan(try .of("ens1.79", vlan: 80)).hasPrefix("make VLAN interface ens1.79.80: VLAN 80 on ens1.79"))
    }

    @Test(arguments: [
        ("ens1.100", 101, "ens1", VLANProtocol.customer, "it is VLAN 101"),
        ("ens1.100", 100, "ens2", .customer, "it is on ens2"),
        ("ens1.100", 100, "ens1", .service, "its tag is 802.1ad"),
        ("ens1.100", 101, "ens2", .service, "it is VLAN 101, its tag is 802.1ad, it is on ens2"),
    ])
    func anotherVLANOfThatName(name: String, id: UInt16, parent: String, tag: VLANProtocol, words: String) throws {
        var node = node
        try node.addVLAN(name, id, on: parent, tag)
        #expect(
            node.plan(try .of("ens1", vlan: 100)) == """
                mismatch: ens1.100 exists but is not VLAN 100 of ens1; vlanID: \(words); rename or remove it (ip link delete \
                dev ens1.100) if nothing uses it, or choose another VLAN
                """)
    }

    @Test mutating func anotherKindOfLinkOfThatName() throws {
        node.add("ens1.100", .dummy)
        #expect(node.plan(try .of("ens1", vlan: 100)).contains("vlanID: it is a dummy interface; "))
        node.add("ens2.100")
        #expect(node.plan(try .of("ens2", vlan: 100)).contains("vlanID: it is hardware; "))
    }

    @Test mutating func aVLANWhoseParentIsElsewhere() throws {
        try node.addVLAN("ens1.100", 100, on: "ens1")
        node.change("ens1.100") { $0.parentNamespace = 0 }
        #expect(node.plan(try .of("ens1", vlan: 100)).contains("it is on an interface of another network namespace"))
    }

    @Test mutating func theSameNumberOnAnotherInterface() throws {
        try node.addVLAN("ens1.100", 100, on: "ens1")
        let refusal = node.plan(try .of("ens2", vlan: 100))
        #expect(
            refusal == """
                mismatch: cannot have multiple different vlan interfaces with the same vlanId 100 on node at the same time; \
                vlanID: ens1.100 on ens1 has that number; if both are meant, set allowDuplicateVLANID to true
                """)
        let allowed = node.plan(try .of("ens2", vlan: 100, allowsDuplicates: true))
        #expect(allowed.hasPrefix("make VLAN interface ens2.100: VLAN 100 on ens2"))
        // On one interface there cannot be two.
        try node.addVLAN("storage", 7, on: "ens2")
        let second = node.plan(try .of("ens2", vlan: 7, allowsDuplicates: true))
        #expect(second.contains("storage is VLAN 7 of ens2 already, under another name"), "\(second)")
    }

    @Test mutating func theMTUOfAVLAN() throws {
        node.change("ens1") { $0.mtuBytes = 1400 }
        #expect(node.plan(try .of("ens1", vlan: 100, mtu: 1300)).contains("VLAN 100 on ens1, mtu 1300"))
        #expect(node.plan(try .of("ens1", vlan: 100, mtu: 9000)).contains("9000 is asked for, ens1 has 1400"))
        try node.addVLAN("ens1.100", 100, on: "ens1")
        node.change("ens1.100") { $0.mtuBytes = 1400 }
        #expect(node.plan(try .of("ens1", vlan: 100)) == "nothing")
        #expect(node.plan(try .of("ens1", vlan: 100, mtu: 1300)) == "set ens1.100: mtu 1300 (was 1400)")
    }

    // MARK: Making a bond

    @Test mutating func aBondWithAVLAN() throws {
        node.change("ens2") { $0.flags = [] }
        let configuration = try DeviceConfiguration.of(
            "ens1", "ens2", vlan: 200, bond: "bond0", mode: "1", options: "primary=ens1;miimon=50;active_slave=ens2")
        #expect(
            node.plan(configuration) == """
                make bond bond0: mode active-backup, miimon 50, mtu 1500
                mark bond0 as made by ifacer
                read bond0 back: mode active-backup, miimon 50
                switch ens1 off
                put ens1 into bond0
                put ens2 into bond0
                switch bond0 on
                set bond0: primary 2 (was no options)
                make VLAN interface bond0.200: VLAN 200 on bond0
                mark bond0.200 as made by ifacer
                switch bond0.200 on
                wait for a carrier on bond0
                make ens2 the active member of bond0
                """)
    }

    @Test func theDefaults() throws {
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "")).hasPrefix(
                "make bond sp_bond0: mode balance-rr, miimon 100, mtu 1500\n"))
    }

    @Test mutating func theSmallestMTUOfItsMembers() throws {
        node.change("ens1") { $0.mtuBytes = 9000 }
        node.change("ens2") { $0.mtuBytes = 8000 }
        #expect(node.plan(try .of("ens1", "ens2", bond: "b")).contains("miimon 100, mtu 8000"))
        #expect(node.plan(try .of("ens1", "ens2", bond: "b", mtu: 9000)).contains("miimon 100, mtu 9000"))
        let vlan = node.plan(try .of("ens1", "ens2", vlan: 5, bond: "b", mtu: 9000))
        #expect(vlan.contains("miimon 100, mtu 9000") && vlan.contains("VLAN 5 on b, mtu 9000"))
        node.change("ens2") { $0.maximumMTUBytes = 8996 }
        #expect(node.plan(try .of("ens1", "ens2", bond: "b", mtu: 9000)).contains("ens2 has at most 8996"))
    }

    @Test mutating func membersThatCannotBeTaken() throws {
        func refusal(_ node: NodeModel) throws -> String {
            let plan = node.plan(try .of("ens1", "ens2", bond: "bond0"))
            #expect(plan.hasPrefix("in use: ens2 c"), "\(plan)")
            return plan
        }
        var model = node
        try model.addBond("other", .activeBackup, members: ["ens2"])
        #expect(try refusal(model).contains("interfaces[1]: ens2 is in bond other already"))
        model = node
        let bridge = model.add("br0", .bridge)
        model.change("ens2") { $0.master = bridge }
        #expect(try refusal(model).contains("ens2 is in bridge br0 already"))
        model = node
        model.change("ens2") { $0.kind = .bond }
        #expect(try refusal(model).contains("ens2 is a bond itself"))
        model = node
        model.add("mv0", .macvlan, on: "ens2")
        #expect(try refusal(model).contains("mv0 is on it, a macvlan interface"))
        model = node
        model.addUser("eth0 in /run/netns/pod", on: "ens2")
        #expect(try refusal(model).contains("eth0 in /run/netns/pod is on it"))
        model = node
        try model.addVLAN("mgmt", 9, on: "ens2")
        #expect(model.plan(try .of("ens1", "ens2", bond: "bond0")).hasPrefix("make bond"))
        try model.give("10.9.0.1/24", to: "mgmt")
        #expect(try refusal(model).contains("the VLAN interface mgmt on it has the address 10.9.0.1/24"))
        #expect(node.plan(try .of("ens1", "lo", bond: "b")).contains("interfaces[1]: lo is the loopback interface"))
    }

    @Test mutating func addressesAndRoutesAreRefusedOrMoved() throws {
        try node.give("10.1.1.1/24", to: "ens2")
        try node.give("fd00::1/64", to: "ens2")
        try node.addRoute(to: "0.0.0.0/0", via: "10.1.1.254", over: "ens2")
        try node.addRoute(to: "10.2.0.0/16", via: nil, over: "ens2")
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0")) == """
                in use: ens2 carries traffic of the node; interfaces[1]: ens2 has the address 10.1.1.1/24, fd00::1/64 and the \
                route default, 10.2.0.0/16, which the node would lose; name another interface, take them away, or set \
                bond.force to true to move them to the bond
                """)
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "active-backup", force: true)) == """
                make bond bond0: mode active-backup, miimon 100, mtu 1500
                mark bond0 as made by ifacer
                read bond0 back: mode active-backup, miimon 100
                remove route default via 10.1.1.254 over ens2
                remove route 10.2.0.0/16 over ens2
                remove address fd00::1/64 from ens2
                remove address 10.1.1.1/24 from ens2
                switch ens1 off
                put ens1 into bond0
                switch ens2 off
                put ens2 into bond0
                switch bond0 on
                add address 10.1.1.1/24 to bond0
                add address fd00::1/64 to bond0
                add route 10.2.0.0/16 over bond0
                add route default via 10.1.1.254 over bond0
                wait for a carrier on bond0
                """)
    }

    @Test mutating func theKernelsOwnAddressesAndRoutesCountForNothing() throws {
        try node.give("fe80::1/64", to: "ens2")
        var state = node.state
        state.addresses[0].scope = .link
        var route = Route(to: try CIDR(parsing: "fe80::/64"), path: .hop(NextHop(link: node.index("ens2"))))
        route.origin = .kernel
        state.routes = [route]
        #expect(throws: Never.self) { try DevicePlan(.of("ens1", "ens2", bond: "b"), state) }
    }

    // MARK: Undoing

    @Test mutating func everythingIsUndoneBackwards() throws {
        try node.give("10.1.1.1/24", to: "ens1")
        try node.addRoute(to: "0.0.0.0/0", via: "10.1.1.254", over: "ens1")
        let plan = try DevicePlan(.of("ens1", "ens2", vlan: 7, bond: "bond0", force: true), node.state)
        #expect(
            plan.operations.reversed().compactMap(\.inverse).map(\.description) == [
                "switch bond0.7 off", "remove bond0.7", "remove route default via 10.1.1.254 over bond0",
                "remove address 10.1.1.1/24 from bond0", "switch bond0 off", "take ens2 out of bond0", "switch ens2 on",
                "take ens1 out of bond0", "switch ens1 on", "add address 10.1.1.1/24 to ens1",
                "add route default via 10.1.1.254 over ens1", "remove bond0",
            ])
    }
}
