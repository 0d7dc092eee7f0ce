import IPAMCore
import NetlinkKit
import Testing

@testable import Coordinator

/// What administrators write, rightly and wrongly.
@Suite struct DeviceConfigurationTests {
    struct Spelling: CustomTestStringConvertible {
        let mode: String
        let text: String
        let options: String

        init(_ mode: String, _ text: String, _ options: String) {
            self.mode = mode
            self.text = text
            self.options = options
        }

        var testDescription: String { "\(mode) \(text)" }

        static let all = [
            Spelling("0", "", "miimon 100"),
            Spelling(
                "active-backup", " primary=ens1 ; arp_interval=100;arp_ip_target=10.0.0.1,10.0.0.2 ",
                "arp_interval 100, arp_ip_target 10.0.0.1,10.0.0.2"),
            Spelling(
                "1", "arp_interval=100;arp_ip_target=[\"10.0.0.1\", \"10.0.0.2\"]",
                "arp_interval 100, arp_ip_target 10.0.0.1,10.0.0.2"),
            Spelling(
                "1", "arp_ip_target=10.0.0.1, 10.0.0.2 , arp_interval = 100",
                "arp_interval 100, arp_ip_target 10.0.0.1,10.0.0.2"),
            Spelling("1", ";miimon=50;", "miimon 50"),
            Spelling("1", "MIIMON=50,,Primary=ens2", "miimon 50"),
            Spelling("1", "miimon=50 updelay=100\tdowndelay=150", "miimon 50, updelay 100, downdelay 150"),
            Spelling("1", "up_delay=200;miimon=100;down_delay=100", "miimon 100, updelay 200, downdelay 100"),
            Spelling("1", "updelay=200", "miimon 100, updelay 200"),
            Spelling("1", "num_grat_arp=3;peer_notif_delay=200", "miimon 100, num_peer_notif 3, peer_notif_delay 200"),
            Spelling("1", "num_unsol_na=0", "miimon 100, num_peer_notif 0"),
            Spelling("1", "arp_interval=0", "miimon 100, arp_interval 0"),
            Spelling("1", "miimon=0", "miimon 0"),
            Spelling(
                "1",
                "arp_interval=1;arp_ip_target=10.0.0.1;arp_validate=filter_active;arp_all_targets=1;arp_missed_max=3",
                "arp_interval 1, arp_ip_target 10.0.0.1, arp_validate filter_active, arp_all_targets all, missed_max 3"),
            Spelling("1", "arp_interval=1;ns_ip6_target=fd00::1", "arp_interval 1, ns_ip6_target fd00::1"),
            Spelling("", "mode=4,miimon=100,xmit_hash_policy=layer3+4", "miimon 100, xmit_hash_policy layer3+4"),
            Spelling("4", "mode=802.3ad", "miimon 100"),
            Spelling(
                "802.3AD",
                "lacp_rate=fast;xmit_hash_policy=LAYER3+4;ad_select=bandwidth;min_links=1;ad_actor_sys_prio=100;ad_actor_system=02:00:00:00:00:01;ad_user_port_key=5",
                "miimon 100, xmit_hash_policy layer3+4, min_links 1, lacp_rate fast, ad_select bandwidth, ad_actor_sys_prio 100, ad_user_port_key 5, ad_actor_system 02:00:00:00:00:01"
            ),
            Spelling(
                "4", "lacp_rate=1;xmit_hash_policy=5;lacp_active=off;coupled_control=0;broadcast_neighbor=1",
                "miimon 100, xmit_hash_policy vlan+srcmac, lacp_rate fast, lacp_active off, coupled_control off, broadcast_neighbor on"
            ),
            Spelling(
                "5", "tlb_dynamic_lb=0;lp_interval=3;resend_igmp=255;all_slaves_active=1;use_carrier=0",
                "miimon 100, use_carrier 0, resend_igmp 255, all_slaves_active 1, lp_interval 3, tlb_dynamic_lb 0"),
            Spelling(
                "0", "packets_per_slave=0;fail_over_mac=follow;primary_reselect=2",
                "miimon 100, primary_reselect failure, fail_over_mac follow, packets_per_slave 0"),
        ]
    }

    @Test(arguments: Spelling.all) func isUnderstood(_ spelling: Spelling) throws {
        let bond = try #require(
            try DeviceConfiguration.of("ens1", "ens2", bond: "b", mode: spelling.mode, options: spelling.text).bond)
        #expect(bond.options.words == spelling.options)
        if spelling.text.contains("mode=") || spelling.mode.hasPrefix("802") { #expect(bond.mode == .ieee8023ad) }
    }

    @Test func membersByName() throws {
        let bond = try #require(
            try DeviceConfiguration.of("ens1", "ens2", bond: "b", mode: "1", options: "primary=ens1 active_slave=ens2")
                .bond)
        #expect(bond.primary?.text == "ens1")
        #expect(bond.activeMember?.text == "ens2")
    }

    @Test func whatIsStrangeIsSaid() throws {
        for (options, words) in [
            ("arp_interval=1", "arp_interval without arp_ip_target"), ("miimon=0", "members are not watched"),
        ] {
            let configuration = try DeviceConfiguration.of("ens1", "ens2", bond: "b", mode: "1", options: options)
            #expect(configuration.warnings.count == 1)
            #expect(configuration.warnings[0].contains(words))
        }
        #expect(try DeviceConfiguration.of("ens1", "ens2", bond: "b").warnings.isEmpty)
    }

    @Test func theDeviceForTheNextPlugin() throws {
        #expect(try DeviceConfiguration.of("ens1").device.text == "ens1")
        #expect(try DeviceConfiguration.of("ens1", vlan: 4094).device.text == "ens1.4094")
        #expect(try DeviceConfiguration.of("ens1", "ens2", bond: "").device.text == "sp_bond0")
        #expect(try DeviceConfiguration.of("ens1", "ens2", vlan: 7, bond: "bond0").device.text == "bond0.7")
        #expect(try DeviceConfiguration.of("ens1.79", vlan: 80).device.text == "ens1.79.80")
    }

    struct Mistake: CustomTestStringConvertible {
        let words: String
        let code: DeviceError.Code
        let make: @Sendable () throws(DeviceError) -> DeviceConfiguration

        init(
            _ words: String, code: DeviceError.Code = .configuration,
            _ make: @escaping @Sendable () throws(DeviceError) -> DeviceConfiguration
        ) {
            self.words = words
            self.code = code
            self.make = make
        }

        var testDescription: String { words }

        static func options(_ mode: String, _ text: String, _ words: String, code: DeviceError.Code = .configuration)
            -> Self
        {
            Mistake(words, code: code) { () throws(DeviceError) in
                try .of("ens1", "ens2", bond: "b", mode: mode, options: text)
            }
        }

        static let all = [
            Mistake("interfaces have at least one interface; interfaces: ") { () throws(DeviceError) in
                try DeviceConfiguration(interfaces: [])
            },
            Mistake("interfaces[1]: \"a/b\" must have 1 to 15 bytes") { () throws(DeviceError) in try .of("ens1", "a/b")
            },
            Mistake("interfaces[0]: \"\" must have") { () throws(DeviceError) in try .of("") },
            Mistake("interfaces[1]: ens1 stands in the list before") { () throws(DeviceError) in try .of("ens1", "ens1")
            },
            Mistake("vlan tag must be in range [0,4094]; vlanID: got 4095") { () throws(DeviceError) in
                try .of("ens1", vlan: 4095)
            },
            Mistake("vlanID: got -1") { () throws(DeviceError) in try .of("ens1", vlan: -1) },
            Mistake("\"verylongname12.100\" has 18 bytes, 15 are allowed") { () throws(DeviceError) in
                try .of("verylongname12", vlan: 100)
            },
            Mistake("mtu: got 67, expected 68 to 65535") { () throws(DeviceError) in try .of("ens1", mtu: 67) },
            Mistake("mtu: got -1") { () throws(DeviceError) in try .of("ens1", mtu: -1) },
            Mistake("mtu: got 65536") { () throws(DeviceError) in try .of("ens1", mtu: 65536) },
            Mistake("bond is required with several interfaces; bond: missing, and interfaces has 2") {
                () throws(DeviceError) in
                try .of("ens1", "ens2")
            },
            Mistake("bond.name: \"bond 0\" must have") { () throws(DeviceError) in try .of("a", "b", bond: "bond 0") },
            Mistake("bond.name: \"longerthan15byte\" must have") { () throws(DeviceError) in
                try .of("a", "b", bond: "longerthan15byte")
            },
            Mistake("bond.name: a is one of interfaces") { () throws(DeviceError) in try .of("a", "b", bond: "a") },
            Mistake("bond.existing: \"keep\" is none of update, strict, adopt") { () throws(DeviceError) in
                try .of("a", "b", bond: "c", existing: "keep")
            },
            .options("7", "", "unknown bond mode: 7, available mode: [0,6]; bond.mode: expected 0 (balance-rr), 1 "),
            .options("-1", "", "unknown bond mode: -1"),
            .options("lacp", "", "unknown bond mode: lacp"),
            .options("", "mode=9", "unknown bond mode: 9, available mode: [0,6]; bond.options: mode: expected"),
            .options("1", "mode=4", "mode=4 differs from bond.mode, which is 1"),
            .options(
                "1", "bogus=1", "unknown bond option: bogus; bond.options: bogus=1: known are active_slave, ",
                code: .unknownOption),
            .options("1", "miimon", "\"miimon\": expected key=value, as miimon=100"),
            .options("1", "=5", "\"=5\": expected key=value"),
            .options("1", "miimon=100 fast", "\"fast\": expected key=value"),
            .options("1", "miimon=1;miimon=2", "miimon=1 and miimon=2: leave one of them"),
            .options("1", "updelay=1;up_delay=2", "updelay=1 and up_delay=2: leave"),
            .options("1", "miimon=", "miimon=: expected a number from 0 to 2147483647"),
            .options("1", "miimon=-1", "miimon=-1: expected a number"),
            .options("1", "miimon=100,200", "miimon=100,200: expected a number"),
            .options("1", "resend_igmp=256", "resend_igmp=256: expected a number from 0 to 255"),
            .options("1", "num_peer_notif=300", "num_peer_notif=300: expected a number from 0 to 255"),
            .options("4", "lacp_rate=2", "lacp_rate=2: expected slow (0), fast (1)"),
            .options("4", "ad_actor_system=ff:ff:ff:ff:ff:ff", "expected a unicast MAC address"),
            .options("4", "ad_actor_sys_prio=0", "expected a number from 1 to 65535"),
            .options("2", "xmit_hash_policy=layer4", "expected layer2 (0), layer3+4 (1), "),
            .options("1", "arp_interval=1;arp_ip_target=fd00::1", "expected 1 to 16 IPv4 addresses with commas"),
            .options("1", "primary=ens3", "primary=ens3: expected one of interfaces: ens1, ens2"),
            .options("0", "lacp_rate=1", "lacp_rate=1: lacp_rate is for mode 4 (802.3ad), and mode is 0 (balance-rr)"),
            .options(
                "4", "primary=ens1", "primary is for mode 1 (active-backup), 5 (balance-tlb), 6 (balance-alb), and"),
            .options("1", "packets_per_slave=3", "packets_per_slave is for mode 0 (balance-rr)"),
            .options("1", "tlb_dynamic_lb=0", "tlb_dynamic_lb is for mode 5 (balance-tlb), 6 (balance-alb)"),
            .options("5", "arp_interval=1", "arp_interval is for mode 0 (balance-rr), 1 "),
            .options(
                "1", "miimon=100;arp_interval=100;arp_ip_target=10.0.0.1", "miimon and arp_interval are both given"),
            .options("1", "updelay=1;miimon=0", "updelay counts in steps of miimon, which is off"),
            .options("1", "peer_notif_delay=1;arp_interval=1", "peer_notif_delay counts in steps of miimon"),
        ]
    }

    @Test(arguments: Mistake.all) func aMistakeIsNamedWithARemedy(_ mistake: Mistake) {
        do throws(DeviceError) {
            _ = try mistake.make()
            Issue.record("accepted")
        } catch {
            #expect(error.code == mistake.code)
            #expect("\(error)".contains(mistake.words), "\(error)")
        }
    }
}
