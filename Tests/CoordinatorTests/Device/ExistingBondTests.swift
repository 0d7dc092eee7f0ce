import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// Plans for a bond that is there.
@Suite struct ExistingBondTests {
    var node = NodeModel.threeCards

    @Test mutating func asItShouldBe() throws {
        try node.addBond(
            "bond0", .activeBackup, "miimon=100;primary=ens1;updelay=200", members: ["ens1", "ens2"])
        for options in [
            "", "miimon=100", "primary=ens1", "miimon=100,updelay=250", "primary_reselect=0", "active_slave=ens2",
        ] {
            #expect(node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", options: options)) == "nothing")
        }
        #expect(node.plan(try .of("ens2", "ens1", bond: "bond0", mode: "1")) == "nothing")
        node.change("bond0") { $0.flags = [] }
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", options: "active_slave=ens2")) == """
                switch bond0 on
                wait for a carrier on bond0
                make ens2 the active member of bond0
                """)
    }

    @Test mutating func anotherKindOfLink() throws {
        node.add("bond0", .dummy)
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0")) == """
                mismatch: a non-bond type interface named bond0 already exists on the host; bond.name: bond0 is a dummy \
                interface; choose another name
                """)
    }

    @Test mutating func whatCanChangeWhileItRunsIsChanged() throws {
        try node.addBond("bond0", .activeBackup, members: ["ens1", "ens2"])
        #expect(
            node.plan(
                try .of(
                    "ens1", "ens2", bond: "bond0", mode: "1",
                    options: "miimon=200 downdelay=400 primary=ens2 primary_reselect=better xmit_hash_policy=0"))
                    == """
                    set bond0: miimon 200, downdelay 400, primary_reselect better (was miimon 100, downdelay 0, \
                    primary_reselect always)
                    read bond0 back: miimon 200, downdelay 400, primary_reselect better
                    set bond0: primary 3 (was no options)
                    """)
        // The kernel changes from one kind of monitoring to the other.
        #expect(
            node.plan(
                try .of("ens1", "ens2", bond: "bond0", mode: "1", options: "arp_interval=100,arp_ip_target=10.0.0.1")
            ).hasPrefix("set bond0: arp_interval 100, arp_ip_target 10.0.0.1 (was arp_interval 0)"))
    }

    @Test mutating func whatCannotChangeIsRefusedOptionByOption() throws {
        try node.addBond("bond0", .activeBackup, members: ["ens1", "ens2"])
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "4", options: "lacp_rate=fast")) == """
                mismatch: bond bond0 exists and differs; bond: mode differs: it is active-backup, 802.3ad is asked for; \
                lacp_rate differs: it is slow, fast is asked for; these cannot be changed while it runs: change the \
                configuration, or remove the bond when no Pod uses it (ip link delete dev bond0), or set bond.existing to \
                "adopt" to use it as it is
                """)
        let option = node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", options: "fail_over_mac=active"))
        #expect(option.contains("bond: fail_over_mac differs: it is none, active is asked for; "), "\(option)")
        let strict = node.plan(
            try .of("ens1", "ens2", bond: "bond0", mode: "1", options: "miimon=50", existing: "strict"))
        #expect(strict.contains("bond: miimon differs: it is 100, 50 is asked for; change the"), "\(strict)")
        let unknown = node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", options: "missed_max=3;miimon=100"))
        #expect(unknown.hasPrefix("set bond0: missed_max 3"), "\(unknown)")
    }

    @Test mutating func aStrangerIsRefused() throws {
        try node.addBond("bond0", .balanceRoundRobin, members: ["ens1", "ens2", "ens3"])
        let refusal = node.plan(try .of("ens1", "ens2", bond: "bond0"))
        #expect(refusal.contains("bond: it has other members: ens3; "), "\(refusal)")
    }

    @Test mutating func adoptedAsItIs() throws {
        try node.addBond("bond0", .ieee8023ad, flags: [], members: ["ens3"])
        let adopting = try DeviceConfiguration.of("ens1", "ens2", vlan: 3, bond: "bond0", mode: "1", existing: "adopt")
        #expect(
            node.plan(adopting) == """
                switch bond0 on
                make VLAN interface bond0.3: VLAN 3 on bond0
                mark bond0.3 as made by ifacer
                switch bond0.3 on
                """)
        node.change("bond0") { $0.kind = .dummy }
        #expect(node.plan(adopting).hasPrefix("mismatch: a non-bond type interface"))
        let none = node.plan(try .of("ens1", "ens2", bond: "bond1", existing: "adopt"))
        #expect(none.hasPrefix("make bond bond1"))
    }

    // MARK: Interrupted runs

    @Test mutating func aBondWithoutMembersIsCompleted() throws {
        try node.addBond("bond0", .activeBackup, flags: [], members: [], alias: DeviceState.mark)
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", options: "primary=ens2")) == """
                switch ens1 off
                put ens1 into bond0
                switch ens2 off
                put ens2 into bond0
                switch bond0 on
                set bond0: primary 3 (was no options)
                wait for a carrier on bond0
                """)
    }

    @Test mutating func aMissingMemberIsAdded() throws {
        try node.addBond("bond0", .activeBackup, members: ["ens1"])
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1")) == """
                switch ens2 off
                put ens2 into bond0
                wait for a carrier on bond0
                """)
        try node.give("10.0.0.1/8", to: "ens2")
        #expect(node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1")).hasPrefix("in use: ens2 carries"))
    }

    /// `modprobe bonding` makes a `bond0` of its own unless it is told not to.
    @Test mutating func theBondThatTheModuleMadeIsTaken() throws {
        try node.addBond("bond0", .balanceRoundRobin, "miimon=0", flags: [], members: [])
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "4", options: "lacp_rate=1")).hasPrefix(
                """
                mark bond0 as made by ifacer
                set bond0: mode 802.3ad, miimon 100, lacp_rate fast (was mode balance-rr, miimon 0, lacp_rate slow)
                read bond0 back: mode 802.3ad, miimon 100, lacp_rate fast
                switch ens1 off
                """))
    }

    @Test mutating func theMTUOfABondThatIsThere() throws {
        try node.addBond("bond0", .activeBackup, members: ["ens1", "ens2"])
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", mtu: 1400)) == "set bond0: mtu 1400 (was 1500)")
        // Below a VLAN it is raised, and never lowered.
        let vlan = node.plan(try .of("ens1", "ens2", vlan: 2, bond: "bond0", mode: "1", mtu: 9000))
        #expect(
            vlan.hasPrefix("set bond0: mtu 9000 (was 1500)\nmake VLAN interface bond0.2: VLAN 2 on bond0, mtu 9000"))
        let lower = node.plan(try .of("ens1", "ens2", vlan: 2, bond: "bond0", mode: "1", mtu: 1400))
        #expect(lower.hasPrefix("make VLAN interface bond0.2: VLAN 2 on bond0, mtu 1400"))
        node.change("ens2") { $0.maximumMTUBytes = 2000 }
        #expect(
            node.plan(try .of("ens1", "ens2", bond: "bond0", mode: "1", mtu: 9000)).contains("ens2 has at most 2000"))
    }
}
