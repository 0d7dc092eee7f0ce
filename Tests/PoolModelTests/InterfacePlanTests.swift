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

    static var held: [HeldAddress] {
        get throws {
            try [
                HeldAddress(interface: "eth0", address: address("10.0.0.1"), pool: "a"),
                HeldAddress(interface: "eth0", address: address("fd00::1"), pool: "a6"),
                HeldAddress(interface: "net1", address: address("10.0.1.1"), pool: "b"),
            ]
        }
    }

    static let pools = [
        SpiderIPPool(named: "a", subnet: "10.0.0.0/24", ips: ["10.0.0.1"]),
        SpiderIPPool(named: "a6", subnet: "fd00::/64", ips: ["fd00::1"]),
        SpiderIPPool(named: "b", subnet: "10.0.1.0/24", ips: ["10.0.1.1"]),
    ]

    static func outdated(
        _ plan: PoolPlan, _ pools: [SpiderIPPool] = pools, reserved: [String] = []
    ) throws -> OutdatedPools {
        let held = try held
        let outdated = try OutdatedPools(
            held, plan: plan, facts: SelectionFacts(), pools: pools,
            reserved: AddressSet(parsing: reserved))
        let all = outdated.kept + outdated.released.map(\.held)
        #expect(all.count == held.count)
        #expect(Set(all) == Set(held))
        return outdated
    }

    static func released(_ plan: PoolPlan, _ pools: [SpiderIPPool] = pools) throws -> [String] {
        try outdated(plan, pools).released.map { "\($0.held.interface) \($0.held.pool)" }
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

    @Test("patterns and defaults are looked up")
    func outdatedNames() throws {
        var pools = Self.pools
        let plan = try Self.plan("eth0", #"[{"interface":"eth0","ipv4":["?"],"ipv6":["a*"]}]"#)
        #expect(try Self.released(plan, pools) == [])
        #expect(try Self.released(plan, [pools[0]]) == ["eth0 a", "eth0 a6"])
        let byDefault = try PoolPlan(PoolInstructions(interface: "eth0"))
        #expect(try Self.released(byDefault, pools) == ["eth0 a", "eth0 a6"])
        for index in pools.indices { pools[index].spec.isDefault = true }
        #expect(try Self.released(byDefault, pools) == [])
    }

    @Test("W-41: a pool that would not accept the workload today loses it, and says why")
    func outdatedConditions() throws {
        let plan = try Self.plan(
            "eth0", #"[{"interface":"eth0","ipv4":["a"],"ipv6":["a6"]},{"interface":"net1","ipv4":["b"]}]"#)
        var pools = Self.pools
        pools[1].spec.nodeName = ["elsewhere"]
        pools[2].spec.isDisabled = true
        #expect(
            try Self.outdated(plan, pools).released.map { "\($0.held.pool): \($0.reason)" }
                == ["a6: unmatched Node name of IPPool a6"])
        pools[1].spec.nodeName = []
        pools[1].spec.excludeIPs = ["fd00::1"]
        #expect(
            try Self.outdated(plan, pools, reserved: ["10.0.0.1"]).released.map { "\($0.reason)" } == [
                "IPPool a does not hand out 10.0.0.1 any more", "IPPool a6 does not hand out fd00::1 any more",
            ])
        #expect(
            try Self.outdated(plan, []).released.map { "\($0.reason)" }
                == ["no such IPPool a", "no such IPPool a6"])
        let other = try Self.plan("eth0", #"[{"interface":"eth0","ipv4":["x"],"ipv6":["a6"]}]"#)
        #expect(
            try Self.outdated(other).released.map { "\($0.reason)" } == [
                "IPPool a is not named any more by the Pod annotation 'ipam.spidernet.io/ippools'",
                "it goes together with 10.0.0.1 of eth0",
            ])
    }
}
