import IPAMCore
import PoolModel
import Testing

@Suite struct RoutePlanTests {
    static func route(_ destination: String, _ gateway: String) throws -> PoolRoute {
        PoolRoute(destination: try CIDR(lenientParsing: destination), gateway: try address(gateway))
    }

    static func entry(
        _ interface: String, _ subnet: String, gateway: String? = nil, _ routes: [PoolRoute] = []
    ) throws -> RoutePlan.Address {
        RoutePlan.Address(
            interface: interface, subnet: try CIDR(parsing: subnet), gateway: try gateway.map(address), routes: routes)
    }

    static func texts(_ plan: RoutePlan) -> [[String]] {
        plan.interfaces.map { [$0.name] + $0.routes.map(\.description) }
    }

    @Test("T22: pool routes, routes of the Pod, default routes, on the interface that reaches the next hop")
    func order() throws {
        let addresses = [
            try Self.entry(
                "eth0", "fd00:10:6::/64", gateway: "fd00:10:6::1", [Self.route("fd01::/64", "fd00:10:6::9")]),
            try Self.entry("eth0", "10.6.0.0/16", gateway: "10.6.0.1", [Self.route("10.9.0.0/16", "10.6.0.9")]),
            try Self.entry("net1", "10.7.0.0/16", gateway: "10.7.0.1"),
        ]
        let custom = [
            try Self.route("192.168.10.0/24", "10.6.0.2"), try Self.route("192.168.11.0/24", "10.7.0.2"),
            try Self.route("fd99::/64", "fd00:10:6::2"),
        ]
        let plan = RoutePlan(addresses, custom: custom)
        #expect(
            Self.texts(plan) == [
                [
                    "eth0", "fd01::/64 via fd00:10:6::9", "10.9.0.0/16 via 10.6.0.9", "192.168.10.0/24 via 10.6.0.2",
                    "fd99::/64 via fd00:10:6::2", "0.0.0.0/0 via 10.6.0.1", "::/0 via fd00:10:6::1",
                ],
                ["net1", "192.168.11.0/24 via 10.7.0.2", "0.0.0.0/0 via 10.7.0.1"],
            ])
        #expect(plan.unmatched.isEmpty)
        #expect(plan.contests.isEmpty)
    }

    @Test("T24: a next hop that nobody reaches is reported, not refused")
    func unmatched() throws {
        let lost = [try Self.route("192.168.0.0/16", "10.8.0.1"), try Self.route("fd99::/64", "fd00::1")]
        let plan = RoutePlan([try Self.entry("eth0", "10.6.0.0/16", gateway: "10.6.0.1")], custom: lost)
        #expect(Self.texts(plan) == [["eth0", "0.0.0.0/0 via 10.6.0.1"]])
        #expect(plan.unmatched == lost)
        #expect(RoutePlan([], custom: lost).unmatched == lost)
    }

    @Test("W-65: of two interfaces in one subnet the first gets the route, and that is said")
    func contest() throws {
        let addresses = [try Self.entry("net1", "10.6.0.0/16"), try Self.entry("eth0", "10.6.0.0/16")]
        let route = try Self.route("192.168.0.0/16", "10.6.0.2")
        let plan = RoutePlan(addresses, custom: [route])
        #expect(Self.texts(plan) == [["net1", "192.168.0.0/16 via 10.6.0.2"], ["eth0"]])
        let contest = try #require(plan.contests.first)
        #expect(plan.contests.count == 1)
        #expect((contest.route, contest.chosen) == (route, "net1"))
        #expect(contest.others == ["eth0"])
    }

    @Test("W-66: one route to each destination, the Pod's before the pool's before the default route")
    func duplicates() throws {
        let pooled = [try Self.route("10.9.0.0/16", "10.6.0.8"), try Self.route("10.10.0.0/16", "10.6.0.8")]
        let addresses = [
            try Self.entry("eth0", "10.6.0.0/16", gateway: "10.6.0.1", pooled),
            try Self.entry("net1", "10.7.0.0/16", pooled),
        ]
        let custom = [
            try Self.route("10.9.1.2/16", "10.6.0.2"), try Self.route("10.9.0.0/16", "10.6.0.3"),
            try Self.route("0.0.0.0/0", "10.6.0.4"),
        ]
        #expect(
            Self.texts(RoutePlan(addresses, custom: custom)) == [
                ["eth0", "10.10.0.0/16 via 10.6.0.8", "10.9.0.0/16 via 10.6.0.2", "0.0.0.0/0 via 10.6.0.4"],
                ["net1", "10.9.0.0/16 via 10.6.0.8", "10.10.0.0/16 via 10.6.0.8"],
            ])
    }

    @Test("a clean gateway is not routed to, and without further routes the plan is what the pool says")
    func pools() throws {
        let manifest = try pool(
            "p",
            #"{"subnet": "10.6.0.0/16", "gateway": "10.6.0.1", "routes": [{"dst": "10.9.0.0/16", "gw": "10.6.0.2"}]}"#)
        let resolved = try ResolvedPool(manifest)
        for isClean in [false, true] {
            let entry = RoutePlan.Address(interface: "eth0", pool: resolved, cleanGateway: isClean)
            #expect(RoutePlan([entry], custom: []).interfaces.map(\.routes) == [resolved.routes(cleanGateway: isClean)])
        }
    }
}
