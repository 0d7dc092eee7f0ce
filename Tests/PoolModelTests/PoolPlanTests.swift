import IPAMCore
import PoolModel
import Testing

/// Who names pools, and what comes of it.
struct PlanRow: Sendable, CustomTestStringConvertible {
    let id: String
    var interface = "eth0"
    var pod: [String: String] = [:]
    var namespace: [String: String] = [:]
    var configured: [String] = []
    var features = SelectionFeatures()
    /// The names of the pools that may serve, or the beginning of the error.
    var pools: [[String]] = []
    var error: String?
    var origin: PoolOrigin?
    var passedOver: [PassedOverSource]?
    var testDescription: String { id }
}

@Suite struct PoolPlanTests {
    typealias Key = AnnotationKey

    static let sources: [PlanRow] = [
        PlanRow(id: "T01", configured: ["conf", "conf6"], pools: [["conf"], ["conf6"]], origin: .cniConfiguration),
        PlanRow(
            id: "T02", pod: [Key.pool: #"{"ipv4":["pod"]}"#], namespace: [Key.defaultIPv4Pools: #"["ns"]"#],
            configured: ["conf"], pools: [["pod"]], origin: .podPool,
            passedOver: [
                PassedOverSource(.namespace, .outranked(by: .podPool)),
                PassedOverSource(.cniConfiguration, .outranked(by: .podPool)),
            ]),
        PlanRow(
            id: "T03", namespace: [Key.defaultIPv4Pools: #"["ns"]"#], configured: ["conf"], pools: [["ns"]],
            origin: .namespace, passedOver: [PassedOverSource(.cniConfiguration, .outranked(by: .namespace))]),
        PlanRow(id: "T04", pools: [["default"], ["default6"]], origin: .clusterDefault, passedOver: []),
        PlanRow(
            id: "T06, the loser is not read",
            pod: [Key.pools: #"[{"interface":"eth0","ipv4":["pod"]}]"#, Key.pool: "{"],
            namespace: [Key.defaultIPv6Pools: "?"], pools: [["pod"]], origin: .podPools,
            passedOver: [
                PassedOverSource(.podPool, .outranked(by: .podPools)),
                PassedOverSource(.namespace, .outranked(by: .podPools)),
            ]),
        PlanRow(id: "T07", pod: [Key.pools: #"[{"ipv4":["p-*"]}]"#], pools: [["p-b"]], origin: .podPools),
        PlanRow(id: "T08", namespace: [Key.defaultIPv4Pools: #"["n?"]"#], pools: [["ns"]], origin: .namespace),
        PlanRow(
            id: "T09", pod: [Key.pool: #"{"ipv4":["none-*"]}"#], configured: ["conf"],
            error: #"no IPPool available: no pool matches "none-*", which the Pod annotation '\#(Key.pool)' names"#),
        PlanRow(
            id: "T10", pod: [Key.pool: #"{"ipv4":["gone"]}"#],
            error: "no IPPool available, all IPv4 IPPools [gone] of eth0 filtered out: [no such IPPool gone]"),
        PlanRow(id: "T36", pod: [Key.pool: #"{"ipv4":["gone","conf"]}"#], pools: [["conf"]]),
        PlanRow(
            id: "T11", pod: [Key.pool: #"{"foo":["pod"]}"#], configured: ["conf"],
            error: "no IPPool available: no IPv4/IPv6 pool specified for NIC eth0; the Pod annotation '\(Key.pool)' "
                + #"must name a pool of IPv4 or IPv6, and "foo" there means nothing"#),
        PlanRow(
            id: "T12", pod: [Key.pools: #"[{"ipv4":["pod"],"cleanGateway":notabool}]"#],
            error: "wrong input, invalid format of Pod annotation '\(Key.pools)': line 1, column 34"),
        PlanRow(
            id: "T14", pod: [Key.pool: #"{"ipv4":["pod","pod"]}"#], error: "wrong input, duplicate IPPool pod"),
        PlanRow(id: "W-19", pod: [Key.pool: #"{"ipv4":["pod","p*d"]}"#], pools: [["pod"]]),
        PlanRow(
            id: "malformed pattern", pod: [Key.pool: #"{"ipv4":["[]*"]}"#],
            error: #"wrong input, invalid IPPool pattern "[]*""#),
        PlanRow(id: "T15 IPv4", pod: [Key.pool: #"{"ipv4":["pod"]}"#], pools: [["pod"]]),
        PlanRow(id: "T15 IPv6", pod: [Key.pool: #"{"ipv6":["conf6"]}"#], pools: [["conf6"]]),
        PlanRow(
            id: "T16", pod: [Key.pool: #"{"ipv4":["pod"],"ipv6":["conf6"]}"#],
            features: SelectionFeatures(families: [.ipv4]), pools: [["pod"]]),
        PlanRow(
            id: "W-20, only the disabled family", pod: [Key.pool: #"{"ipv6":["conf6"]}"#],
            features: SelectionFeatures(families: [.ipv4]),
            error: "no IPPool available: no IPv4/IPv6 pool specified for NIC eth0; the Pod annotation '\(Key.pool)' "
                + "must name a pool of IPv4"),
        PlanRow(
            id: "empty lists of a namespace do not count",
            namespace: [Key.defaultIPv4Pools: "[]", Key.defaultIPv6Pools: "null"], configured: ["conf"],
            pools: [["conf"]], origin: .cniConfiguration, passedOver: [PassedOverSource(.namespace, .empty)]),
        PlanRow(
            id: "one family of a namespace is enough",
            namespace: [Key.defaultIPv4Pools: "[]", Key.defaultIPv6Pools: #"["conf6"]"#], configured: ["conf"],
            pools: [["conf6"]], origin: .namespace),
        PlanRow(
            id: "subnets switched off", pod: [Key.subnet: "{", Key.subnets: "["], configured: ["conf"],
            pools: [["conf"]], origin: .cniConfiguration,
            passedOver: [PassedOverSource(.podSubnets, .switchedOff), PassedOverSource(.podSubnet, .switchedOff)]),
        PlanRow(
            id: "automatic pools switched off", pod: [Key.subnet: "{"], configured: ["conf"],
            features: SelectionFeatures(hasSubnets: true),
            error: "wrong input, it's invalid to use 'ipam.spidernet.io/subnets' or 'ipam.spidernet.io/subnet' "
                + "annotation when Auto-Pool feature is disabled"),
        PlanRow(
            id: "no automatic pool yet", pod: [Key.subnet: #"{"ipv4":["s"]}"#], configured: ["conf"],
            features: SelectionFeatures(hasSubnets: true, hasAutomaticPools: true),
            error: "no IPPool available: there is no automatic pool for NIC eth0, which the Pod annotation"),
        PlanRow(
            id: "W-18, one subnet, second interface", interface: "net1", pod: [Key.subnet: #"{"ipv4":["s"]}"#],
            features: SelectionFeatures(hasSubnets: true, hasAutomaticPools: true),
            error: "wrong input, invalid format of Pod annotation '\(Key.subnet)': no subnet is named for NIC net1"),
        PlanRow(
            id: "W-18, interface not listed", interface: "net1",
            pod: [Key.subnets: #"[{"interface":"eth0","ipv4":["s"]}]"#],
            features: SelectionFeatures(hasSubnets: true, hasAutomaticPools: true),
            error: "wrong input, invalid format of Pod annotation '\(Key.subnets)': no subnet is named for NIC net1"),
        PlanRow(
            id: "single pools serve any interface", interface: "x7", pod: [Key.pool: #"{"ipv4":["pod"]}"#],
            pools: [["pod"]]),
        PlanRow(
            id: "T40", pod: [Key.pools: #"[{"interface":"net1","ipv4":["pod"]}]"#],
            error: "wrong input, invalid format of Pod annotation '\(Key.pools)': interface eth0 must be specified"),
        PlanRow(
            id: "T41", pod: [Key.pools: #"[{"interface":"eth0"},{"interface":"eth0"}]"#],
            error: "wrong input, invalid format of Pod annotation '\(Key.pools)': [1].interface: duplicate"),
        PlanRow(
            id: "T42", pod: [Key.pools: #"[{"interface":"eth0"},{}]"#],
            error: "wrong input, invalid format of Pod annotation '\(Key.pools)': [0] names an interface and [1] does"),
        PlanRow(
            id: "W-20, item without pools", pod: [Key.pools: #"[{"interface":"eth0","ipv4":[]}]"#],
            error: "no IPPool available: no IPv4/IPv6 pool specified for NIC eth0"),
    ]

    static let pools: [SpiderIPPool] =
        ["pod", "ns", "conf", "default", "p-a", "p-b", "p-c"].map { name in
            var pool = SpiderIPPool(named: name, subnet: "10.0.0.0/24")
            pool.spec.isDefault = name == "default"
            if name == "p-a" || name == "p-c" { pool.spec.nodeAffinity = LabelSelector(matchLabels: ["zone": "x"]) }
            return pool
        }
        + ["conf6", "default6"].map { name in
            var pool = SpiderIPPool(named: name, subnet: "fd00::/64")
            pool.spec.isDefault = name == "default6"
            return pool
        }

    @Test("who names pools", arguments: sources)
    func source(row: PlanRow) throws {
        var instructions = PoolInstructions(
            interface: row.interface, pod: PodAnnotations(row.pod), namespace: NamespaceAnnotations(row.namespace),
            features: row.features)
        for name in row.configured { instructions.configuredPools[name.hasSuffix("6") ? .ipv6 : .ipv4] = [name] }
        do throws(PoolSelectionError) {
            let plan = try PoolPlan(instructions)
            if let origin = row.origin { #expect(plan.origin == origin) }
            if let passedOver = row.passedOver { #expect(plan.passedOver == passedOver) }
            let selection = PoolSelection(plan.request, facts: SelectionFacts(), pools: Self.pools)
            #expect(selection.passedOver == plan.passedOver)
            #expect(selection.origin == plan.origin)
            #expect(try selection.outcome.get().map { $0.candidates.map(\.name) } == row.pools)
            #expect(row.error == nil)
        } catch {
            let expected = try #require(row.error, "\(error)")
            #expect("\(error)".hasPrefix(expected), "\(error)")
        }
    }

    @Test("T05: no default pool")
    func noDefault() throws {
        let plan = try PoolPlan(PoolInstructions(interface: "eth0"))
        let selection = PoolSelection(plan.request, facts: SelectionFacts(), pools: [Self.pools[0]])
        let error = try #require(throws: PoolSelectionError.self) { try selection.outcome.get() }
        #expect("\(error)".hasPrefix("no IPPool available"))
    }

    @Test("an automatic pool is asked for with its size")
    func automatic() throws {
        var instructions = PoolInstructions(interface: "net1")
        instructions.features = SelectionFeatures(families: [.ipv4], hasSubnets: true, hasAutomaticPools: true)
        instructions.pod = PodAnnotations([
            Key.subnets: #"[{"interface":"eth0","ipv4":["s"]},{"interface":"net1","ipv4":["t"],"ipv6":["u"]}]"#,
            Key.subnet: "{", Key.pools: "[", Key.poolSize: "+3", Key.poolReclaim: "false",
        ])
        let plan = try PoolPlan(instructions)
        #expect(plan.origin == .podSubnets)
        #expect(
            plan.automaticPool
                == AutomaticPoolDemand(
                    interface: "net1", subnets: [.ipv4: "t"], size: .flexible(3), isReclaimed: false))
        #expect(plan.passedOver.map(\.origin) == [.podSubnet, .podPools])
    }

    @Test("whoever is passed over is named in one line")
    func passedOverTexts() {
        let texts = [
            PassedOverSource(.cniConfiguration, .outranked(by: .podPool)), PassedOverSource(.namespace, .empty),
            PassedOverSource(.podSubnet, .switchedOff),
        ].map(\.description)
        #expect(
            texts == [
                "the CNI configuration: not considered, the Pod annotation 'ipam.spidernet.io/ippool' comes first",
                "the namespace's default pools: not considered, the lists are empty",
                "the Pod annotation 'ipam.spidernet.io/subnet': ignored, subnets are switched off",
            ])
        let lists = [PoolOrigin.podPools, .cniConfiguration].map { PoolSource(origin: $0, names: [.ipv4: ["pod"]]) }
        let selection = PoolSelection(
            PoolRequest(interface: "eth0", sources: lists), facts: SelectionFacts(), pools: Self.pools)
        #expect(selection.passedOver == [PassedOverSource(.cniConfiguration, .outranked(by: .podPools))])
    }

    @Test("T32, T34: pools of zones, and one list for several namespaces")
    func zones() throws {
        var pools = ["zone-6", "zone-7"].map { SpiderIPPool(named: $0, subnet: "10.0.0.0/24") }
        (pools[0].spec.nodeName, pools[1].spec.nodeName) = (["n61", "n62"], ["n71"])
        pools.append(SpiderIPPool(named: "shared", subnet: "10.0.0.0/24"))
        pools[2].spec.namespaceName = ["shop", "bank"]
        let pod = PodAnnotations([Key.pool: #"{"ipv4":["zone-6","zone-7","shared"]}"#])
        let plan = try PoolPlan(PoolInstructions(interface: "eth0", pod: pod))
        for (node, namespace, expected) in [
            ("n62", "other", ["zone-6"]), ("n71", "shop", ["zone-7", "shared"]), ("n61", "bank", ["zone-6", "shared"]),
        ] {
            var facts = SelectionFacts()
            (facts.nodeName, facts.namespaceName) = (node, namespace)
            let choices = try PoolSelection(plan.request, facts: facts, pools: pools).outcome.get()
            #expect(choices.map { $0.candidates.map(\.name) } == [expected])
        }
    }
}
