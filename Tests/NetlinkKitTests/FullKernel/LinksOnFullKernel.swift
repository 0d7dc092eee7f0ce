import IPAMCore
import NetlinkKit
import SystemPackage
import Testing

/// Kinds of links that the machine's kernel may lack, each test in a namespace of its own.
@Suite(.onFullKernel)
struct LinksOnFullKernel {
    typealias Lab = LinkLaboratory

    static func vlan(_ number: UInt16) throws -> VLANIdentifier { try #require(VLANIdentifier(rawValue: number)) }

    @Test
    func vlansOfBothProtocolsAndOneInTheOther() throws {
        try inOwnNamespace {
            var lab = try Lab()
            let parent = try lab.add("d0", .dummy)
            #expect(parent.kind == .dummy)
            for tag in VLANProtocol.allCases {
                let link = try lab.add("\(tag)", .vlan(parent: parent.index, id: Self.vlan(4094), protocol: tag))
                #expect(link.kind == .vlan)
                #expect(link.details == .vlan(id: try Self.vlan(4094), protocol: tag))
                #expect(link.parent == parent.index)
            }
            let outer = try lab.link("service")
            let inner = try lab.add("inner", .vlan(parent: outer.index, id: Self.vlan(1)))
            #expect(inner.parent == outer.index)
            #expect(inner.details == .vlan(id: try Self.vlan(1), protocol: .customer))

            let again = LinkSpecification(
                try Lab.name("again"), .vlan(parent: parent.index, id: try Self.vlan(4094)))
            #expect(try lab.refusal { socket throws(NetlinkError) in try socket.add(again) }.code == .exists)
            let down = try lab.refusal { socket throws(NetlinkError) in
                try socket.update(inner.index, LinkSettings(isUp: true))
            }
            #expect(down.errno == .networkDown)
            for index in [parent.index, outer.index, inner.index] {
                try lab.socket.update(index, LinkSettings(isUp: true))
            }
            let running = try lab.socket.link(at: inner.index)
            #expect(running.isUp)
            #expect(running.hasCarrier)
        }
    }

    @Test(arguments: IpvlanMode.allCases)
    func ipvlanOfEveryModeAndIsolation(mode: IpvlanMode) throws {
        try inOwnNamespace {
            var lab = try Lab()
            for isolation in IpvlanIsolation.allCases {
                // All ipvlans on one parent share mode and isolation.
                let parent = try lab.add("on-\(isolation)", .dummy)
                let link = try lab.add(
                    "\(isolation)", .ipvlan(parent: parent.index, mode: mode, isolation: isolation))
                #expect(link.kind == .ipvlan)
                #expect(link.details == .ipvlan(mode, isolation))
                #expect(link.parent == parent.index)
                #expect(link.address == parent.address)
            }
        }
    }

    @Test
    func vrfWithMembers() throws {
        try inOwnNamespace {
            var lab = try Lab()
            let vrf = try lab.add("vrf0", .vrf(table: 1 << 20))
            #expect(vrf.details == .vrf(table: 1 << 20))
            let member = try lab.add("d0", .dummy, LinkSettings(master: .link(vrf.index)))
            #expect(member.membership == .vrf(table: 1 << 20))
            try lab.socket.update(member.index, LinkSettings(master: LinkSettings.Master.none))
            #expect(try lab.socket.link(at: member.index).membership == .none)
        }
    }

    @Test
    func macvlanOnAVLANMovesToAnotherNamespace() throws {
        let pod = try NetworkNamespace.create()
        try inOwnNamespace {
            var lab = try Lab()
            let parent = try lab.add("d0", .dummy, LinkSettings(isUp: true))
            let vlan = try lab.add("d0.7", .vlan(parent: parent.index, id: Self.vlan(7)), LinkSettings(isUp: true))
            let link = try lab.add("mv0", .macvlan(parent: vlan.index, mode: .bridge))
            #expect(link.parent == vlan.index)
            let change = LinkChange(
                name: try Lab.name("eth0"),
                settings: LinkSettings(namespace: pod.withDescriptor { .descriptor($0) }))
            try lab.socket.update(link.index, change)
            #expect(throws: NetlinkError.self) { try lab.link("mv0") }
            var inside = try pod.perform { () throws(NetlinkError) in try RouteSocket() }
            let moved = try inside.link(named: try Lab.name("eth0"))
            #expect(moved.address == link.address)
            #expect(moved.details == .macvlan(.bridge))
            #expect(moved.parent == vlan.index)
            #expect(moved.parentNamespace != nil)
            // The link below takes those above with it.
            try lab.socket.remove(parent.index)
            #expect(try inside.links().map(\.name) == ["lo"])
        }
    }
}
