import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// The scenarios of coordinator.md 18 that are not among the worked examples, as plans.
@Suite struct ScenarioPlanTests {
    typealias Samples = CoordinationPlanTests

    static let v4 = ["172.22.4.10/16"]
    static let v6 = ["fd00:22::a/64"]

    /// A Pod with one interface that nobody coordinated yet.
    static func fresh(
        _ prefixes: [String] = v4, gateways: [String] = ["172.22.0.1"], kind: LinkKind = .macvlan,
        nodeAddresses: [String] = ["172.22.0.11", "172.23.0.11", "fd00:22::11", "fd00:23::11"]
    ) throws -> PodModel {
        var model = PodModel(nodeAddresses: nodeAddresses)
        try model.attach("eth0", prefixes, gateways: gateways, kind: kind)
        return model
    }

    static func lines(_ model: PodModel, _ interface: String, _ settings: CoordinatorSettings) throws -> [String] {
        let plan = try model.plan(Samples.subject(interface), settings)
        return plan.description.split(separator: "\n").map(String.init)
    }

    static func refusal(
        _ model: PodModel, _ interface: String, _ settings: CoordinatorSettings
    ) throws -> CoordinationError? {
        do throws(any Error) {
            _ = try model.plan(Samples.subject(interface), settings)
            return nil
        } catch let error as CoordinationError {
            return error
        }
    }

    /// 3: nothing of IPv4, and no address on the pair.
    @Test func onlyIPv6() throws {
        let settings = try Samples.settings { $0.vethAddress = IPAddress("169.254.100.1") }
        var model = try Self.fresh(Self.v6, gateways: ["fd00:22::1"])
        try Samples.coordinate("eth0", &model, settings)
        #expect(model.pod.routes.allSatisfy { $0.family == .ipv6 })
        #expect(model.rules(.ipv4).isEmpty)
        #expect(model.pod.markedFamilies == [.ipv6])
        #expect(model.pod.addresses.count == 1)
    }

    /// 20: a node without IPv6 serves what it can, and says what it cannot.
    @Test func aNodeWithoutIPv6() throws {
        var model = try Self.fresh(
            Self.v4 + Self.v6, gateways: ["172.22.0.1", "fd00:22::1"], nodeAddresses: ["172.22.0.11"])
        let plan = try model.plan(Samples.subject("eth0"), Samples.settings())
        #expect(plan.warnings == ["the node has no IPv6 address: Services and the node are not reached over IPv6"])
        try Samples.coordinate("eth0", &model, Samples.settings())
        #expect(model.pod.markedFamilies == [.ipv4])
        #expect(!model.routes(.ipv6, .main).contains { $0.contains("veth0") })
    }

    /// 21: underlay on a later interface of an overlay Pod.
    @Test func underlayBesideAnOverlayInterface() throws {
        var model = try Self.fresh(["10.244.3.7/32"], gateways: ["169.254.1.1"], kind: .veth)
        try model.attach("net1", ["172.22.4.20/16"], gateways: ["172.22.0.1"])
        let error = try Self.refusal(model, "net1", Samples.settings { $0.mode = .underlay })
        #expect(error?.message.contains("was not created by previous interface") == true)
    }

    /// 22: the two conflicts of overlay mode.
    @Test func overlayWhereItCannotBe() throws {
        let settings = try Samples.settings { $0.mode = .overlay }
        let first = try Self.refusal(Self.fresh(), "eth0", settings)
        #expect(first?.message.contains("current interface is first interface") == true)
        var model = try Samples.underlay(1, Samples.settings())
        try model.attach("net1", ["172.23.4.10/16"], gateways: ["172.23.0.1"])
        let second = try Self.refusal(model, "net1", settings)
        #expect(second?.message.contains("auxiliary interface veth0 of underlay mode exists") == true)
    }

    /// 23: nothing is planned.
    @Test(arguments: ["disable", "disabled"]) func disabled(word: String) throws {
        let settings = try Samples.settings { $0.mode = CoordinationMode(word: word) ?? .auto }
        let placement = try CoordinationPlacement(Samples.subject("eth0"), settings, Self.fresh().pod)
        #expect(placement == nil)
    }

    /// 24: the address follows from the prefix, and is announced at the end.
    @Test func hardwareAddressFromThePrefix() throws {
        let settings = try Samples.settings { $0.macPrefix = MACPrefix("0a:1b") }
        var model = try Self.fresh()
        let lines = try Self.lines(model, "eth0", settings)
        #expect(lines.contains("set link eth0 address 0a:1b:ac:16:04:0a (pod)"))
        #expect(lines.last == "announce 172.22.4.10 at 0a:1b:ac:16:04:0a dev eth0 (pod)")
        try Samples.coordinate("eth0", &model, settings)
    }

    /// 25: what is a prefix.
    @Test(arguments: ["03:1b", "0,:1b", "1:2", "0a1b", "0a:1b:", ""]) func noPrefix(text: String) {
        #expect(MACPrefix(text) == nil)
    }

    /// 26: ipvlan has no hardware address of its own; nothing else is planned.
    @Test func hardwareAddressOfAnIpvlan() throws {
        let settings = try Samples.settings { $0.macPrefix = MACPrefix("0a-1b") }
        let error = try Self.refusal(Self.fresh(kind: .ipvlan), "eth0", settings)
        #expect(error?.message.contains("not supported") == true)
    }

    /// 27: the Pod's link, and no other.
    @Test func transmitQueueLength() throws {
        let lines = try Self.lines(Self.fresh(), "eth0", Samples.settings { $0.transmitQueueLength = 2000 })
        #expect(lines.filter { $0.contains("txqueuelen") } == ["set link eth0 txqueuelen 2000 (pod)"])
    }

    /// 28: the address of the pair, of its family's length.
    @Test(arguments: [("169.254.100.1", "169.254.100.1/32"), ("fd00::1", "fd00::1/128")])
    func addressOfThePair(text: String, wanted: String) throws {
        let settings = try Samples.settings { $0.vethAddress = IPAddress(text) }
        let lines = try Self.lines(
            Self.fresh(Self.v4 + Self.v6, gateways: ["172.22.0.1", "fd00:22::1"]), "eth0", settings)
        #expect(lines.contains("add address \(wanted) dev veth0 (pod)"))
    }

    /// 29: both ends.
    @Test func sizeOfThePair() throws {
        let plan = try Self.fresh().plan(Samples.subject("eth0"), Samples.settings { $0.vethMTUBytes = 1400 })
        guard case .addPair(let pair) = plan.operations.first else {
            Issue.record("the pair is not the first: \(plan)")
            return
        }
        #expect(pair.mtuBytes == 1400)
        #expect(pair.nodeName.text == "veth9f8e7d6c5b4")
    }

    /// 30: every scope that differs, or none.
    @Test(arguments: [(2, 3), (0, 0)]) func reversePathFilter(wanted: Int, count: Int) throws {
        let lines = try Self.lines(Self.fresh(), "eth0", Samples.settings { $0.reversePathFilter = wanted })
        #expect(lines.filter { $0.contains("rp_filter = \(wanted)") }.count == count)
        let none = try Self.lines(Self.fresh(), "eth0", Samples.settings { $0.reversePathFilter = nil })
        #expect(!none.contains { $0.contains("rp_filter") })
    }

    /// 31: main for the first interface, the table of a later one; another family is passed over.
    @Test func policyRoutes() throws {
        func settings(_ gateway: String) throws -> CoordinatorSettings {
            let destination = try #require(CIDR("10.10.0.0/16"))
            let address = try #require(IPAddress(gateway))
            let route = try #require(PolicyRoute(to: destination, via: address))
            return try Samples.settings { $0.policyRoutes = [route] }
        }
        let first = try Self.lines(Self.fresh(), "eth0", settings("172.22.0.1"))
        #expect(first.contains("add route 10.10.0.0/16 via 172.22.0.1 dev eth0 (pod)"))
        var model = try Samples.underlay(1, Samples.settings())
        try model.attach("net1", ["172.23.4.10/16"], gateways: ["172.23.0.1"])
        let later = try Self.lines(model, "net1", settings("172.23.0.1"))
        #expect(later.contains("add route 10.10.0.0/16 via 172.23.0.1 dev net1 table 101 (pod)"))
        let other = try Self.lines(Self.fresh(Self.v6, gateways: ["fd00:22::1"]), "eth0", settings("172.22.0.1"))
        #expect(!other.contains { $0.contains("10.10.0.0/16") })
    }

    /// 32: another table of the node.
    @Test func tableOfTheNode() throws {
        let settings = try Samples.settings { $0.nodeTable = RouteTable(rawValue: 600) }
        let lines = try Self.lines(Self.fresh(), "eth0", settings)
        #expect(lines.contains("add rule 1000: from all lookup 600 (IPv4) (node)"))
        #expect(lines.contains("replace route 172.22.4.10/32 dev veth9f8e7d6c5b4 table 600 (node)"))
    }

    /// 35: with the first interface everything on the node goes, with one operation; then there is nothing to do.
    @Test func theFirstInterfaceTakesAllAlong() throws {
        let settings = try Samples.settings()
        var model = try Samples.underlay(3, settings)
        let plan = try model.removal(Samples.subject("eth0"), settings)
        #expect(plan.description == "remove link veth9f8e7d6c5b4 (node)")
        try model.apply(plan.operations)
        #expect(model.nodeLeftovers.isEmpty)
        model.detach("eth0")
        #expect(try model.removal(Samples.subject("eth0"), settings).operations.allSatisfy(\.takesAway))
    }

    /// 37: a later interface leaves the pair.
    @Test func aLaterInterfaceLeavesThePair() throws {
        let settings = try Samples.settings()
        var model = try Samples.underlay(3, settings)
        try model.apply(try model.removal(Samples.subject("net1"), settings).operations, checked: false)
        #expect(model.pod.links.contains { $0.name == "veth0" })
        #expect(!model.rules(.ipv4).contains { $0.contains("172.23.4.10") })
        #expect(model.routes(.ipv4, RouteTable(rawValue: 101)).isEmpty)
        #expect(!model.nodeLeftovers.contains { $0.contains("172.23.4.10") })
        #expect(model.rules(.ipv4).contains { $0.contains("172.22.4.11") })
    }

    /// 41: what is missing, and only that.
    @Test func aCheckIsAnEmptyPlan() throws {
        let settings = try Samples.settings()
        var model = try Samples.underlay(2, settings)
        #expect(try Self.lines(model, "net1", settings).isEmpty)
        var rule = Rule(.ipv4, priority: 1101, table: RouteTable(rawValue: 101))
        rule.source = CIDR("172.23.4.10/32")
        try model.apply([.removeRule(.pod, rule)])
        #expect(try Self.lines(model, "net1", settings) == ["add rule 1101: from 172.23.4.10/32 lookup 101 (pod)"])
    }

    /// GC: what belongs to this network and to no valid attachment, however long the names are.
    @Test func garbageIsOfThisNetworkAndOfNobody() throws {
        let name = String(repeating: "n", count: 150)
        let interface = try #require(InterfaceName("eth0"))
        func subject(_ container: String, _ network: String) -> CoordinationSubject {
            CoordinationSubject(containerID: container, interface: interface, network: network)
        }
        func link(_ number: Int32, _ name: String, _ mark: CoordinationSubject) throws -> Link {
            var link = Link(index: try #require(LinkIndex(rawValue: number)), flags: [.up], hardwareType: 1)
            link.name = name
            link.kind = .veth
            link.alias = LinkMark(mark).alias
            return link
        }
        let long = String(repeating: "a", count: 200)
        let links = [
            try link(1, "vethgone", subject("gone", name)), try link(2, "vethaaaaaaaaaaa", subject(long, name)),
            try link(3, "vethother", subject("other", "another")), try link(4, "calid00d", subject("gone", name)),
        ]
        let plan = CoordinationPlan(
            collectingGarbageAmong: links, of: name, except: [subject(long, name), subject("gone", "another")])
        #expect(plan.description == "remove link vethgone (node)")
    }

    /// A link that has the name and is not ours is refused.
    @Test func somebodyElsesLink() throws {
        var foreign = Link(index: AuxiliaryPair.nodePlaceholder, flags: [.up], hardwareType: 1)
        foreign.name = "veth9f8e7d6c5b4"
        foreign.kind = .veth
        foreign.alias = "of another program"
        let model = try Self.fresh()
        let subject = try Samples.subject("eth0")
        let placement = try #require(try CoordinationPlacement(subject, Samples.settings(), model.pod))
        var node = try model.nodeState(subject, placement)
        node.namedLink = foreign
        let error = #expect(throws: CoordinationError.self) {
            try CoordinationPlan(
                coordinating: subject, Samples.settings(), placement, pod: model.pod, node: node)
        }
        #expect(error?.code == .mismatch)
        #expect(error?.detail.contains("of another program") == true)
    }
}
