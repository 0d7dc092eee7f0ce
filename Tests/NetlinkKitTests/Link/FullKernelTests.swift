import IPAMCore
import NetlinkKit
import Testing

/// Kinds of links that the machine's kernel may lack, each test in a namespace of its own; needs root.
@Suite(.fullKernel)
struct FullKernelTests {
    private static func add(
        _ socket: inout RouteSocket, _ text: String, _ variant: LinkSpecification.Variant,
        _ settings: LinkSettings = LinkSettings()
    ) throws -> Link {
        let name = try #require(InterfaceName(text))
        try socket.add(LinkSpecification(name, variant, settings: settings))
        return try socket.link(named: name)
    }

    @Test
    func dummyVLANIpvlanAndVRF() throws {
        try inOwnNamespace {
            var socket = try RouteSocket()
            let parent = try Self.add(&socket, "d0", .dummy)
            #expect(parent.kind == .dummy)
            let id = try #require(VLANIdentifier(rawValue: 4094))
            for tag in VLANProtocol.allCases {
                let link = try Self.add(
                    &socket, "vl\(tag.rawValue)", .vlan(parent: parent.index, id: id, protocol: tag))
                #expect(link.details == .vlan(id: id, protocol: tag))
                #expect(link.parent == parent.index)
            }
            let vrf = try Self.add(&socket, "vrf0", .vrf(table: 1000))
            #expect(vrf.details == .vrf(table: 1000))
            let member = try Self.add(&socket, "d1", .dummy, LinkSettings(master: .link(vrf.index)))
            #expect(member.membership == .vrf(table: 1000))
            for mode in IpvlanMode.allCases {
                // All ipvlans on one parent share its mode.
                let below = try Self.add(&socket, "d2-\(mode.rawValue)", .dummy)
                let link = try Self.add(
                    &socket, "ip\(mode.rawValue)", .ipvlan(parent: below.index, mode: mode, isolation: .private))
                #expect(link.details == .ipvlan(mode, .private))
            }
        }
    }

    @Test(arguments: BondMode.allCases)
    func bondWithEveryNumberOfItsMode(mode: BondMode) throws {
        try inOwnNamespace {
            var socket = try RouteSocket()
            let bond = try Self.add(&socket, "bond0", .bond(BondOptions(mode: mode)))
            guard case .bond(let original) = bond.details else {
                Issue.record("no options: \(bond.details)")
                return
            }
            #expect(original.mode == mode)
            for option in BondOption.allCases where option != .mode && option.rule.modes.contains(mode) {
                // What the running kernel does not tell, it does not have.
                guard case .number(_, let range, let words) = option.rule.form, original[option] != nil else {
                    continue
                }
                var wanted = BondOptions()
                if option.rule.needsMiimon { wanted[.miimon] = .number(100) }
                let numbers = words.isEmpty ? [range.lowerBound] : Array(range)
                for number in numbers where option != .arpValidate || mode == .activeBackup {
                    wanted[option] = .number(number)
                    try socket.update(bond.index, LinkChange(bondOptions: wanted))
                    guard case .bond(let read) = try socket.link(at: bond.index).details else { continue }
                    #expect(read[option] == .number(number), "\(option)")
                }
            }
        }
    }

    @Test
    func bondWithMembers() throws {
        try inOwnNamespace {
            var socket = try RouteSocket()
            var options = BondOptions(mode: .activeBackup)
            options[.miimon] = .number(100)
            let bond = try Self.add(&socket, "bond0", .bond(options))
            let first = try Self.add(&socket, "d0", .dummy, LinkSettings(master: .link(bond.index)))
            let second = try Self.add(&socket, "d1", .dummy, LinkSettings(master: .link(bond.index)))
            var change = BondOptions()
            change[.primary] = .link(second.index)
            try socket.update(bond.index, LinkChange(settings: LinkSettings(isUp: true), bondOptions: change))
            guard case .bond(let read) = try socket.link(at: bond.index).details else {
                Issue.record("no options")
                return
            }
            #expect(read[.primary] == .link(second.index))
            guard case .bond(_, _, let permanent) = first.membership else {
                Issue.record("no membership: \(first.membership)")
                return
            }
            #expect(permanent != nil)
            var mode = BondOptions()
            mode[.mode] = .number(0)
            do throws(NetlinkError) {
                try socket.update(bond.index, LinkChange(bondOptions: mode))
                Issue.record("changed the mode of a bond with members")
            } catch { #expect(!error.detail.isEmpty) }
        }
    }
}
