import Glibc
import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

extension Trait where Self == ConditionTrait {
    /// For suites that need Debian's stock kernel; their names end in `OnFullKernel`.
    fileprivate static var onFullKernel: Self {
        .enabled("needs the full kernel") {
            getenv("SPIDERPOOL_TEST_KERNEL").map { String(cString: $0) } == "full"
        }
    }
}

/// Plans carried out in part, or with a failure at the end; each in a namespace of its own.
@Suite(.onFullKernel, .serialized) struct DeviceNodeOnFullKernel {
    /// Runs work in a new namespace with four cards, of which the third is off.
    private func onNode<Value>(_ work: (inout DeviceNode) throws -> Value) throws -> Value {
        let namespace = try NetworkNamespace.create()
        return try namespace.perform {
            Result {
                var node = try DeviceNode()
                for name in ["ens1", "ens2", "ens3", "ens4"] {
                    let name = try #require(InterfaceName(name))
                    try node.socket.add(
                        LinkSpecification(name, .dummy, settings: LinkSettings(isUp: name.text != "ens3")))
                }
                return try work(&node)
            }
        }.get()
    }

    /// Everything about the node that somebody could notice, by names.
    private func picture(_ node: inout DeviceNode) throws -> [String] {
        let state = try node.survey()
        let links = state.links.map { link in
            let details =
                switch link.details {
                case .bond(let options):
                    options.entries.filter { $0.option.rule.form != .link }.map { "\($0.option) \($0.value)" }.joined(
                        separator: " ")
                case .vlan(let id, _): "id \(id)"
                default: ""
                }
            return [
                link.name, "\(link.kind?.rawValue ?? "")", link.isUp ? "up" : "down", "\(link.mtuBytes)", link.alias,
                link.master.map(state.name(of:)) ?? "", link.parent.map(state.name(of:)) ?? "", details,
            ].joined(separator: "|")
        }
        let addresses = state.addresses.filter { $0.scope != .link }.map { "\(state.name(of: $0.link)) \($0)" }
        let routes = state.routes.filter { $0.origin != .kernel }.map { route in
            "\(route.destination) \(route.nextHops.compactMap(\.link).map(state.name(of:)).joined())"
        }
        return links.sorted() + addresses.sorted() + routes.sorted()
    }

    private func operations(
        _ configuration: DeviceConfiguration, _ node: inout DeviceNode
    ) throws -> [DeviceOperation] {
        let state = try node.survey()
        for link in state.links { node.indices[link.name] = link.index }
        node.nextIndex = 1000
        return try DevicePlan(configuration, state).operations
    }

    static let bondWithVLAN = Result { () throws(DeviceError) in
        try DeviceConfiguration.of(
            "ens1", "ens2", "ens3", vlan: 200, bond: "bond0", mode: "1",
            options: "miimon=50;primary=ens2;updelay=100;fail_over_mac=none", mtu: 1400)
    }

    @Test(arguments: 0...6, [2, 4]) func everyMode(mode: Int, count: Int) throws {
        var bond = DeviceBond.Text()
        bond.mode = "\(mode)"
        let configuration = try DeviceConfiguration(
            interfaces: (1...count).map { "ens\($0)" }, vlanID: 200, bond: bond)
        var again: [DeviceOperation] = []
        let seen = try onNode { (node: inout DeviceNode) throws -> [String] in
            #expect(try node.ensure(configuration).warnings == [])
            again = try node.ensure(configuration).operations
            return try picture(&node)
        }
        #expect(again.isEmpty)
        let made = try #require(seen.first { $0.hasPrefix("sp_bond0|bond|up|1500|spiderpool:ifacer|||") })
        #expect(made.contains("mode number(\(mode)) miimon number(100) "), "\(made)")
        #expect(seen.contains("sp_bond0.200|vlan|up|1500|spiderpool:ifacer||sp_bond0|id 200"), "\(seen)")
        for number in 1...count { #expect(seen.contains("ens\(number)|dummy|up|1500||sp_bond0||")) }
    }

    @Test func stoppedAfterAnyOperationAndRunAgain() throws {
        let configuration = try Self.bondWithVLAN.get()
        var count = 0
        let whole = try onNode { node in
            count = try operations(configuration, &node).count
            _ = try node.ensure(configuration)
            return try picture(&node)
        }
        #expect(count == 14)
        #expect(whole.contains { $0.hasPrefix("bond0.200|vlan|up|1400|spiderpool:ifacer||bond0|id 200") }, "\(whole)")
        for stop in 0..<count {
            var last: DeviceOperation?
            let again = try onNode { node in
                let begun = try operations(configuration, &node).prefix(stop)
                last = begun.last
                var outcome = DeviceNode.Outcome()
                try node.apply(Array(begun), &outcome)
                _ = try node.ensure(configuration)
                #expect(try node.ensure(configuration).operations.isEmpty)
                return try picture(&node)
            }
            // Nothing comes between making a VLAN and marking it: both are in one datagram.
            if case .makeVLAN = last { continue }
            #expect(again == whole, "stopped after \(stop) operations")
        }
    }

    @Test func aFailureAtTheEndUndoesEverything() throws {
        try onNode { node in
            let link = try node.socket.link(named: try #require(InterfaceName("ens1"))).index
            for text in ["10.1.1.1/24", "10.1.1.2/24", "fd00::1/64"] {
                let parts = text.split(separator: "/").map(String.init)
                let address = try #require(IPAddress(parts[0]))
                let length = try #require(Int(parts[1]))
                let added = LinkAddress(address, prefixLength: length, on: link, flags: .noDuplicateDetection)
                try node.socket.add(try #require(added))
            }
            try node.socket.add(Route(to: try CIDR(parsing: "10.8.0.0/16"), path: .hop(NextHop(link: link))))
            let gateway = try #require(IPAddress("10.8.0.254"))
            try node.socket.add(
                Route(to: try CIDR(parsing: "0.0.0.0/0"), path: .hop(NextHop(link: link, gateway: gateway))))
            let before = try picture(&node)
            let configuration = try DeviceConfiguration.of(
                "ens1", "ens2", "ens3", vlan: 7, bond: "bond0", mode: "802.3ad", force: true, mtu: 1400)
            var operations = try operations(configuration, &node)
            // Less than any interface for IPv4 may have.
            operations.append(.setMTU(try #require(configuration.bond).name, 7, from: 1400))
            var outcome = DeviceNode.Outcome()
            #expect(throws: DeviceNode.Interruption.self) { try node.apply(operations, &outcome) }
            #expect(try picture(&node) == before)

            // Without the failure everything has moved.
            _ = try node.ensure(configuration)
            let after = try picture(&node)
            for fact in [
                "bond0 10.1.1.1/24", "bond0 10.1.1.2/24", "bond0 fd00::1/64", "0.0.0.0/0 bond0", "10.8.0.0/16 bond0",
            ] { #expect(after.contains(fact), "\(after)") }
            #expect(!after.contains { $0.hasPrefix("ens1 ") })
        }
    }

    /// Somebody makes the bond between the look and the first operation.
    @Test func aBondThatAppearsMeanwhileIsNotTakenForOurs() throws {
        try onNode { node in
            let configuration = try DeviceConfiguration.of("ens1", "ens2", bond: "bond0", mode: "1")
            let operations = try operations(configuration, &node)
            let bond = try #require(configuration.bond).name
            var options = BondOptions(mode: .balanceXOR)
            options[.miimon] = .number(100)
            try node.socket.add(LinkSpecification(bond, .bond(options), settings: LinkSettings(isUp: true)))
            let before = try picture(&node)
            var outcome = DeviceNode.Outcome()
            do throws(DeviceNode.Interruption) {
                try node.apply(operations, &outcome)
                Issue.record("made")
            } catch {
                #expect(error.isRace)
                #expect(error.error.details.contains("EEXIST") || error.error.details.contains("exists"), "\(error)")
            }
            #expect(try picture(&node) == before, "neither marked nor given members")
            do throws(DeviceError) {
                _ = try node.ensure(configuration)
                Issue.record("changed")
            } catch {
                #expect(error.details.contains("mode differs: it is balance-xor"), "\(error)")
            }
        }
    }

    @Test func whatNoKernelKnowsIsSaid() throws {
        try onNode { node in
            #expect(try node.socket.supports(.bond))
            #expect(try node.socket.supports(.vlan))
            #expect(try !node.socket.supports(LinkKind(rawValue: "nosuchkind")))
            // Options of newer kernels are passed over without a word; here they are noticed.
            let configuration = try DeviceConfiguration.of(
                "ens1", "ens2", bond: "bond0", mode: "4", options: "broadcast_neighbor=1")
            let before = try picture(&node)
            do throws(DeviceError) {
                _ = try node.ensure(configuration)
                Issue.record("accepted")
            } catch {
                #expect("\(error)".contains("broadcast_neighbor"), "\(error)")
            }
            #expect(try picture(&node) == before)
        }
    }
}
