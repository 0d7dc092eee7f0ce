import IPAMCore
import PoolModel
import Testing

/// Items without an interface, the interfaces that were served before, and who gets which item.
struct UnnamedRow: Sendable, CustomTestStringConvertible {
    let id: String
    let interface: String
    var networks: String?
    var served: [String] = []
    /// The pool of the interface that asks; `nil` when there is no item for it.
    let pool: String?
    /// All interfaces of the plan.
    var interfaces: [String]?
    var testDescription: String { id }
}

@Suite struct InterfacePlanTests {
    typealias Key = AnnotationKey

    static func plan(
        _ interface: String, _ pools: String, networks: String? = nil, served: [String] = []
    ) throws(PoolSelectionError) -> PoolPlan {
        var annotations = [Key.pools: pools]
        annotations[Key.networks] = networks
        return try PoolPlan(
            PoolInstructions(
                interface: interface, pod: PodAnnotations(annotations), configuredPools: [.ipv4: ["conf"]],
                servedInterfaces: served))
    }

    @Test("T38, T45: each interface by its name, eth0 first, each with its own gateway rule")
    func named() throws {
        let pools =
            #"[{"interface":"net2","ipv4":["c"]},{"interface":"net1","ipv4":["b"],"cleanGateway":true},{"interface":"eth0","ipv4":["a"]}]"#
        for (interface, pool, isClean) in [("eth0", "a", false), ("net1", "b", true), ("net2", "c", false)] {
            let plan = try Self.plan(interface, pools, served: ["net1"])
            #expect(plan.mode == .named)
            #expect(plan.requests.map(\.interface) == ["eth0", "net2", "net1"])
            #expect(plan.request.interface == interface)
            #expect(plan.request.sources.map(\.names) == [[.ipv4: [pool]]])
            #expect(plan.request.cleanGateway == isClean)
        }
    }

    @Test("the gateway rule of the CNI configuration holds where the item has none of its own")
    func cleanGateway() throws {
        for isClean in [true, false] {
            var instructions = PoolInstructions(interface: "eth0", cleanGateway: isClean)
            #expect(try PoolPlan(instructions).request.cleanGateway == isClean)
            instructions.pod = PodAnnotations([Key.pool: #"{"ipv4":["a"],"cleangateway":true}"#])
            #expect(try PoolPlan(instructions).request.cleanGateway == isClean)
            instructions.pod = PodAnnotations([Key.pools: #"[{"ipv4":["a"]}]"#])
            #expect(try !PoolPlan(instructions).request.cleanGateway)
        }
    }

    static let rows: [UnnamedRow] = [
        UnnamedRow(id: "T39 eth0", interface: "eth0", networks: "mv1", pool: "a", interfaces: ["eth0", "net1"]),
        UnnamedRow(
            id: "T39 net1", interface: "net1", networks: "mv1", served: ["eth0"], pool: "b",
            interfaces: ["eth0", "net1"]),
        UnnamedRow(
            id: "repeated eth0", interface: "eth0", networks: "mv1", served: ["eth0", "net1"], pool: "a"),
        UnnamedRow(
            id: "W-21: eth0 is served by others", interface: "net1", networks: "mv1,mv2", pool: "a",
            interfaces: ["net1", "net2"]),
        UnnamedRow(
            id: "W-21: the second of ours", interface: "net2", networks: "mv1,mv2", served: ["net1"], pool: "b"),
        UnnamedRow(
            id: "one between is served by others", interface: "net2", networks: "mv1,mv2", served: ["eth0"], pool: "b"),
        UnnamedRow(
            id: "T44, names of one's own", interface: "abc", networks: "ns/mv1@xyz,ns/mv2@abc",
            served: ["eth0", "xyz"],
            pool: "c", interfaces: ["eth0", "xyz", "abc"]),
        UnnamedRow(
            id: "the order of the annotation counts, not that of the names", interface: "abc",
            networks: "ns/mv1@xyz,ns/mv2@abc", served: ["eth0"], pool: "b"),
        UnnamedRow(
            id: "networks unknown, numbers count", interface: "net10", served: ["net9", "eth0"], pool: "c",
            interfaces: ["eth0", "net9", "net10"]),
        UnnamedRow(id: "a name that is not listed comes last", interface: "tun0", served: ["net1"], pool: "b"),
        UnnamedRow(id: "no item left", interface: "net4", served: ["eth0", "net1", "net2"], pool: nil),
        UnnamedRow(
            id: "JSON with interface", interface: "q", networks: #"[{"name":"mv1","interface":"q"}]"#,
            served: ["eth0"], pool: "b"),
    ]

    @Test("items that name no interface are counted", arguments: rows)
    func unnamed(row: UnnamedRow) throws {
        let pools = #"[{"ipv4":["a"]},{"ipv4":["b"],"cleangateway":true},{"ipv4":["c"]}]"#
        guard let pool = row.pool else {
            let error = try #require(throws: PoolSelectionError.self) {
                try Self.plan(row.interface, pools, networks: row.networks, served: row.served)
            }
            #expect("\(error)".contains("3 items are not enough for interface \(row.interface)"), "\(error)")
            return
        }
        let plan = try Self.plan(row.interface, pools, networks: row.networks, served: row.served)
        #expect(plan.mode == .unnamed)
        #expect(plan.request.interface == row.interface)
        #expect(plan.request.sources.first?.names == [.ipv4: [pool]])
        #expect(plan.request.cleanGateway == (pool == "b"))
        if let interfaces = row.interfaces { #expect(plan.requests.map(\.interface) == interfaces) }
    }

    @Test("T43: two replicas ask for the same, each interface by itself")
    func independent() throws {
        let pools = #"[{"interface":"eth0","ipv4":["p1"]},{"interface":"net1","ipv4":["p2"]}]"#
        #expect(try Self.plan("eth0", pools).requests == Self.plan("net1", pools).requests)
    }

    @Test("T47: two interfaces may name the same pool")
    func samePool() throws {
        let plan = try Self.plan("net1", #"[{"interface":"eth0","ipv4":["p"]},{"interface":"net1","ipv4":["p"]}]"#)
        #expect(plan.requests.map(\.sources.first?.names) == [[.ipv4: ["p"]], [.ipv4: ["p"]]])
    }

    @Test("the networks annotation matters only where items are counted")
    func malformedNetworks() throws {
        #expect(throws: PoolSelectionError.self) { try Self.plan("eth0", #"[{"ipv4":["a"]}]"#, networks: "{") }
        #expect(try Self.plan("eth0", #"[{"interface":"eth0","ipv4":["a"]}]"#, networks: "{").mode == .named)
    }

    // MARK: Outdated pools

    static let held = [
        HeldPool(interface: "eth0", family: .ipv4, pool: "a"), HeldPool(interface: "eth0", family: .ipv6, pool: "a6"),
        HeldPool(interface: "net1", family: .ipv4, pool: "b"),
    ]

    static func released(_ plan: PoolPlan, _ pools: [SpiderIPPool] = []) throws -> [String] {
        let outdated = try OutdatedPools(held, plan: plan, pools: pools)
        #expect((outdated.kept + outdated.released).count == held.count)
        #expect(Set(outdated.kept + outdated.released) == Set(held))
        return outdated.released.map { "\($0.interface) \($0.pool)" }
    }

    @Test("T48: the interface that asks goes as a whole, the others stay")
    func outdatedNamed() throws {
        let now = #"[{"interface":"eth0","ipv4":["a"],"ipv6":["a6"]},{"interface":"net1","ipv4":["c"]}]"#
        #expect(try Self.released(Self.plan("eth0", now)) == [])
        #expect(try Self.released(Self.plan("net1", now)) == ["net1 b"])
        let other = #"[{"interface":"eth0","ipv4":["x"],"ipv6":["a6"]}]"#
        #expect(try Self.released(Self.plan("eth0", other)) == ["eth0 a", "eth0 a6"])
        let less = #"[{"interface":"eth0","ipv4":["a"]}]"#
        #expect(try Self.released(Self.plan("eth0", less)) == ["eth0 a", "eth0 a6"])
    }

    @Test("T49: where items are counted, all stay or all go")
    func outdatedUnnamed() throws {
        let served = ["eth0", "net1"]
        let same = #"[{"ipv4":["z","a"],"ipv6":["a6"]},{"ipv4":["b"]}]"#
        #expect(try Self.released(Self.plan("eth0", same, served: served)) == [])
        let changed = #"[{"ipv4":["a"],"ipv6":["a6"]},{"ipv4":["c"]}]"#
        #expect(try Self.released(Self.plan("eth0", changed, served: served)).count == 3)
        let fewer = #"[{"ipv4":["a"],"ipv6":["a6"]}]"#
        #expect(try Self.released(Self.plan("eth0", fewer, served: served)).count == 3)
    }

    @Test("names only: patterns and defaults are looked up, conditions are not")
    func outdatedNames() throws {
        var pools = [SpiderIPPool(named: "a", subnet: "10.0.0.0/24"), SpiderIPPool(named: "a6", subnet: "fd00::/64")]
        pools[0].spec.isDisabled = true
        pools[1].spec.nodeName = ["elsewhere"]
        let plan = try Self.plan("eth0", #"[{"interface":"eth0","ipv4":["?"],"ipv6":["a*"]}]"#)
        #expect(try Self.released(plan, pools) == [])
        #expect(try Self.released(plan, [pools[0]]) == ["eth0 a", "eth0 a6"])
        let byDefault = try PoolPlan(PoolInstructions(interface: "eth0"))
        #expect(try Self.released(byDefault, pools) == ["eth0 a", "eth0 a6"])
        for index in pools.indices { pools[index].spec.isDefault = true }
        #expect(try Self.released(byDefault, pools) == [])
    }
}
