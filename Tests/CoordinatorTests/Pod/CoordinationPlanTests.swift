import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// The states of coordinator.md 9, from plans alone.
@Suite struct CoordinationPlanTests {
    static let container = "9f8e7d6c5b4a3928"

    static func subject(_ interface: String) throws -> CoordinationSubject {
        CoordinationSubject(
            containerID: container, interface: try #require(InterfaceName(interface)), network: "net")
    }

    static func settings(_ change: (inout CoordinatorSettings) -> Void = { _ in }) throws -> CoordinatorSettings {
        var settings = CoordinatorSettings(firstInterface: try #require(InterfaceName("eth0")))
        settings.overlayPodCIDRs = ["10.244.0.0/16", "fd00:244::/56"].compactMap { CIDR($0) }
        settings.serviceCIDRs = ["10.96.0.0/12", "fd00:96::/112"].compactMap { CIDR($0) }
        settings.hijackCIDRs = ["169.254.0.0/16"].compactMap { CIDR($0) }
        change(&settings)
        return settings
    }

    /// Coordinates an interface, and sees that there is nothing to do afterwards.
    static func coordinate(
        _ interface: String, _ model: inout PodModel, _ settings: CoordinatorSettings
    ) throws {
        let plan = try model.plan(subject(interface), settings)
        #expect(!plan.isEmpty)
        try model.apply(plan.operations)
        let again = try model.plan(subject(interface), settings)
        #expect(again.isEmpty, "\(again)")
    }

    static func underlay(_ count: Int, _ settings: CoordinatorSettings) throws -> PodModel {
        var model = PodModel()
        try model.attach("eth0", ["172.22.4.10/16", "fd00:22::a/64"], gateways: ["172.22.0.1", "fd00:22::1"])
        try coordinate("eth0", &model, settings)
        guard count > 1 else { return model }
        try model.attach("net1", ["172.23.4.10/16", "fd00:23::a/64"], gateways: ["172.23.0.1", "fd00:23::1"])
        try coordinate("net1", &model, settings)
        guard count > 2 else { return model }
        try model.attach("net2", ["172.22.4.11/16", "fd00:22::b/64"], gateways: ["172.22.0.1", "fd00:22::1"])
        try coordinate("net2", &model, settings)
        return model
    }

    static func overlay(_ settings: CoordinatorSettings) throws -> PodModel {
        var model = PodModel()
        try model.attach("eth0", ["10.244.3.7/32"], gateways: ["169.254.1.1"], kind: .veth)
        try model.attach("net1", ["172.22.4.20/16"], gateways: ["172.22.0.1"])
        try coordinate("net1", &model, settings)
        return model
    }

    /// Without what all Pods have of the node.
    static func own(_ routes: [String]) -> [String] {
        routes.filter { !$0.contains("veth0") }
    }

    @Test func exampleA() throws {
        let model = try Self.underlay(1, Self.settings())
        #expect(model.rules(.ipv4) == ["1000: from all fwmark 0x1 lookup 100"])
        #expect(model.rules(.ipv6) == ["1000: from all fwmark 0x1 lookup 100"])
        #expect(
            model.routes(.ipv4, .main) == [
                "10.244.0.0/16 via 172.22.0.11 dev veth0 src 172.22.4.10",
                "10.96.0.0/12 via 172.22.0.11 dev veth0 src 172.22.4.10",
                "169.254.0.0/16 via 172.22.0.11 dev veth0 src 172.22.4.10",
                "172.22.0.0/16 dev eth0 src 172.22.4.10",
                "172.22.0.11/32 dev veth0 src 172.22.4.10",
                "172.23.0.11/32 dev veth0 src 172.22.4.10",
                "default via 172.22.0.1 dev eth0",
            ])
        #expect(
            model.routes(.ipv4, RouteTable(rawValue: 100)) == [
                "default via 172.22.0.11 dev veth0 table 100 src 172.22.4.10"
            ])
        #expect(model.routes(.ipv6, RouteTable(rawValue: 100)) == ["default via fd00:22::11 dev veth0 table 100"])
        #expect(model.pod.neighbors.count == 4)
        #expect(model.pod.markedFamilies == [.ipv4, .ipv6])
    }

    @Test func exampleB() throws {
        let model = try Self.underlay(3, Self.settings())
        #expect(
            model.rules(.ipv4) == [
                "1000: from all fwmark 0x1 lookup 100", "1101: from 172.23.4.10/32 lookup 101",
                "1102: from 172.22.4.11/32 lookup 102",
            ])
        #expect(
            Self.own(model.routes(.ipv4, .main)) == [
                "172.22.0.0/16 dev eth0 src 172.22.4.10", "172.22.0.0/16 dev net2 src 172.22.4.11",
                "172.23.0.0/16 dev net1 src 172.23.4.10", "default via 172.22.0.1 dev eth0",
            ])
        #expect(
            model.routes(.ipv4, RouteTable(rawValue: 101)) == [
                "10.244.0.0/16 via 172.22.0.11 dev veth0 table 101 src 172.22.4.10",
                "10.96.0.0/12 via 172.22.0.11 dev veth0 table 101 src 172.22.4.10",
                "169.254.0.0/16 via 172.22.0.11 dev veth0 table 101 src 172.22.4.10",
                "172.22.0.11/32 dev veth0 table 101 src 172.22.4.10",
                "172.23.0.0/16 dev net1 table 101 src 172.23.4.10",
                "172.23.0.11/32 dev veth0 table 101 src 172.22.4.10",
                "default via 172.23.0.1 dev net1 table 101",
            ])
        #expect(
            model.routes(.ipv6, RouteTable(rawValue: 102)) == [
                "default via fd00:22::1 dev net2 table 102",
                "fd00:22::/64 dev net2 table 102 metric 256",
                "fd00:22::11/128 dev veth0 table 102 src fd00:22::a",
                "fd00:23::11/128 dev veth0 table 102 src fd00:22::a",
                "fd00:244::/56 via fd00:22::11 dev veth0 table 102",
                "fd00:96::/112 via fd00:22::11 dev veth0 table 102",
            ])
        #expect(
            Self.own(model.routes(.ipv6, .main)).filter { $0.hasPrefix("default") } == [
                "default via fd00:22::1 dev eth0"
            ])
    }

    @Test func exampleC() throws {
        let settings = try Self.settings { $0.defaultRouteInterface = InterfaceName("net1") }
        let model = try Self.underlay(2, settings)
        #expect(
            model.rules(.ipv4) == ["1000: from all fwmark 0x1 lookup 100", "1101: from 172.22.4.10/32 lookup 101"])
        #expect(Self.own(model.routes(.ipv4, .main)).last == "default via 172.23.0.1 dev net1")
        #expect(
            Self.own(model.routes(.ipv4, RouteTable(rawValue: 101))) == [
                "172.22.0.0/16 dev eth0 table 101 src 172.22.4.10", "default via 172.22.0.1 dev eth0 table 101",
            ])
    }

    /// Scenario 8b: a third interface says that the second keeps the default route.
    @Test func theDefaultRouteMovesToAnEarlierInterface() throws {
        var model = try Self.underlay(2, Self.settings())
        try model.attach("net2", ["172.22.4.11/16"], gateways: ["172.22.0.1"])
        try Self.coordinate("net2", &model, try Self.settings { $0.defaultRouteInterface = InterfaceName("net1") })
        #expect(
            Self.own(model.routes(.ipv4, .main)).filter { $0.hasPrefix("default") } == [
                "default via 172.23.0.1 dev net1"
            ])
        #expect(
            model.rules(.ipv4) == [
                "1000: from all fwmark 0x1 lookup 100", "1102: from 172.22.4.10/32 lookup 102",
                "1103: from 172.22.4.11/32 lookup 103",
            ])
        #expect(model.routes(.ipv4, RouteTable(rawValue: 101)).isEmpty)
    }

    @Test func exampleD() throws {
        let model = try Self.overlay(Self.settings())
        #expect(
            model.rules(.ipv4) == ["1100: from 10.244.3.7/32 lookup 100", "1101: from 172.22.4.20/32 lookup 101"])
        #expect(
            model.routes(.ipv4, .main) == [
                "10.244.0.0/16 via 172.22.0.11 dev eth0 src 10.244.3.7",
                "10.96.0.0/12 via 172.22.0.11 dev eth0 src 10.244.3.7",
                "169.254.0.0/16 via 172.22.0.11 dev eth0 src 10.244.3.7",
                "169.254.1.1/32 dev eth0", "172.22.0.0/16 dev net1 src 172.22.4.20",
                "172.22.0.11/32 dev eth0 src 10.244.3.7", "172.23.0.11/32 dev eth0 src 10.244.3.7",
                "default via 169.254.1.1 dev eth0",
            ])
        #expect(model.routes(.ipv4, RouteTable(rawValue: 100)) == ["default via 169.254.1.1 dev eth0 table 100"])
        #expect(
            model.routes(.ipv4, RouteTable(rawValue: 101)) == [
                "172.22.0.0/16 dev net1 table 101 src 172.22.4.20",
                "172.22.0.11/32 dev eth0 table 101 src 10.244.3.7",
                "172.23.0.11/32 dev eth0 table 101 src 10.244.3.7",
                "default via 172.22.0.1 dev net1 table 101",
            ])
        #expect(model.pod.markedFamilies.isEmpty)
    }

    @Test func exampleE() throws {
        let model = try Self.overlay(Self.settings { $0.defaultRouteInterface = InterfaceName("net1") })
        #expect(model.rules(.ipv4) == ["1101: from 10.244.3.7/32 lookup 101"])
        #expect(model.routes(.ipv4, RouteTable(rawValue: 100)).isEmpty)
        #expect(model.routes(.ipv4, .main).last == "default via 172.22.0.1 dev net1")
        #expect(
            model.routes(.ipv4, RouteTable(rawValue: 101)) == [
                "10.244.0.0/16 via 172.22.0.11 dev eth0 table 101 src 10.244.3.7",
                "10.96.0.0/12 via 172.22.0.11 dev eth0 table 101 src 10.244.3.7",
                "169.254.0.0/16 via 172.22.0.11 dev eth0 table 101 src 10.244.3.7",
                "169.254.1.1/32 dev eth0 table 101",
                "172.22.0.11/32 dev eth0 table 101 src 10.244.3.7",
                "172.23.0.11/32 dev eth0 table 101 src 10.244.3.7",
                "default via 169.254.1.1 dev eth0 table 101",
            ])
    }

    /// Example G: the second family comes with the second interface.
    @Test func aFamilyThatComesLaterReachesTheNode() throws {
        var model = PodModel()
        try model.attach("eth0", ["172.22.4.10/16"], gateways: ["172.22.0.1"])
        try Self.coordinate("eth0", &model, Self.settings())
        try model.attach("net1", ["fd00:23::a/64"], gateways: ["fd00:23::1"])
        try Self.coordinate("net1", &model, Self.settings())
        #expect(model.rules(.ipv6) == ["1000: from all fwmark 0x1 lookup 100"])
        #expect(
            model.routes(.ipv6, .main) == [
                "default via fd00:23::1 dev net1", "fd00:22::11/128 dev veth0", "fd00:23::/64 dev net1 metric 256",
                "fd00:23::11/128 dev veth0", "fd00:244::/56 via fd00:23::11 dev veth0",
                "fd00:96::/112 via fd00:23::11 dev veth0",
            ])
        #expect(model.pod.markedFamilies == [.ipv4, .ipv6])
    }

    @Test func withoutTuningTwoDefaultRoutesStay() throws {
        let model = try Self.underlay(2, Self.settings { $0.movesDefaultRoutes = false })
        #expect(model.rules(.ipv4) == ["1000: from all fwmark 0x1 lookup 100"])
        #expect(model.routes(.ipv4, .main).filter { $0.hasPrefix("default") }.count == 2)
        #expect(!model.routes(.ipv4, RouteTable(rawValue: 101)).contains { $0.hasPrefix("default") })
    }

    @Test func anInterfaceWithoutDefaultRouteGetsATableAndARule() throws {
        var model = try Self.underlay(1, Self.settings())
        try model.attach("net1", ["172.23.4.10/16"])
        let before = model.routes(.ipv4, .main)
        try Self.coordinate("net1", &model, Self.settings())
        #expect(model.routes(.ipv4, .main) == before)
        #expect(model.rules(.ipv4).last == "1101: from 172.23.4.10/32 lookup 101")
        #expect(!model.routes(.ipv4, RouteTable(rawValue: 101)).contains { $0.hasPrefix("default") })
    }

    @Test func anUnknownDefaultRouteInterfaceIsRefusedUnlessItIsToCome() throws {
        var model = try Self.underlay(1, Self.settings())
        try model.attach("net1", ["172.23.4.10/16"], gateways: ["172.23.0.1"])
        var settings = try Self.settings { $0.defaultRouteInterface = InterfaceName("net2") }
        let error = #expect(throws: CoordinationError.self) { try model.plan(Self.subject("net1"), settings) }
        #expect(error?.message == "podDefaultRouteNIC: net2 don't exist in pod")
        settings.expectedInterfaces = ["eth0", "net1", "net2"].compactMap { InterfaceName($0) }
        try Self.coordinate("net1", &model, settings)
        try model.attach("net2", ["172.22.4.11/16"], gateways: ["172.22.0.1"])
        try Self.coordinate("net2", &model, settings)
        #expect(
            model.routes(.ipv4, .main).filter { $0.hasPrefix("default") } == ["default via 172.22.0.1 dev net2"])
        #expect(model.rules(.ipv4).count == 3)
    }

    @Test func attributesOfMovedRoutesAreKept() throws {
        var model = PodModel()
        try model.attach("eth0", ["10.244.3.7/32"], gateways: ["169.254.1.1"], kind: .veth)
        try model.attach("net1", ["172.22.4.20/16"])
        let net1 = try #require(model.pod.links.last?.index)
        var route = Route(
            to: .everything(in: .ipv4),
            path: .hop(NextHop(link: net1, gateway: IPAddress("192.0.2.1"), isOnLink: true)))
        route.priority = 100
        route.setMTU(bytes: 1300)
        try model.apply([.addRoute(.pod, route)])
        try Self.coordinate("net1", &model, Self.settings())
        let table = RouteTable(rawValue: 101)
        let moved = try #require(model.pod.routes.first { $0.table == table && $0.destination.isDefault })
        #expect(moved.priority == 100)
        #expect(moved.mtuBytes == 1300)
        #expect(moved.nextHops.first?.isOnLink == true)
    }
}
