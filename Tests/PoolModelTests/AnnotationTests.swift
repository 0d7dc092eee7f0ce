import IPAMCore
import PoolModel
import Testing

/// A value of one annotation and the problem that is reported.
struct WrongAnnotationRow: Sendable, CustomTestStringConvertible {
    let key: String
    let value: String
    /// What follows the key, up to the example.
    let problem: String
    var testDescription: String { "\(key.split(separator: "/").last ?? ""): \(value.prefix(40))" }
}

@Suite struct AnnotationTests {
    typealias Key = AnnotationKey

    static let wrongRows: [WrongAnnotationRow] = [
        WrongAnnotationRow(key: Key.pool, value: "", problem: "line 1, column 1: empty document"),
        WrongAnnotationRow(key: Key.pool, value: "rack-a", problem: #"line 1, column 1: unexpected character "r""#),
        WrongAnnotationRow(key: Key.pool, value: #"{"ipv4":["a"]"#, problem: "line 1, column 14: the document ends"),
        WrongAnnotationRow(key: Key.pool, value: #"["a"]"#, problem: "expected an object, got array of 1 element"),
        WrongAnnotationRow(
            key: Key.pool, value: #"{"ipv4":"a"}"#, problem: #"ipv4: expected an array, got string "a""#),
        WrongAnnotationRow(
            key: Key.pool, value: #"{"IPv4":["a",5]}"#, problem: "IPv4[1]: expected a name, got number 5"),
        WrongAnnotationRow(
            key: Key.pool, value: #"{"ipv6":[""]}"#, problem: #"ipv6[0]: expected a name, got string """#),
        WrongAnnotationRow(
            key: Key.pool, value: #"{"ipv6":[null]}"#, problem: "ipv6[0]: expected a name, got null"),

        WrongAnnotationRow(key: Key.pools, value: "[", problem: "line 1, column 2: the document ends too early"),
        WrongAnnotationRow(key: Key.pools, value: "{}", problem: "expected an array, got object with 0 members"),
        WrongAnnotationRow(key: Key.pools, value: "[]", problem: "at least one item is needed"),
        WrongAnnotationRow(key: Key.pools, value: "null", problem: "at least one item is needed"),
        WrongAnnotationRow(key: Key.pools, value: "[5]", problem: "[0]: expected an object, got number 5"),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"interface":5}]"#, problem: "[0].interface: expected a string, got number 5"),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"ipv4":[]},{"ipv4":[{}]}]"#,
            problem: "[1].ipv4[0]: expected a name, got object with 0 members"),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"ipv4":["a"],"cleanGateway":notabool}]"#, problem: "line 1, column 32:"),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"ipv4":["a"],"cleanGateway":"true"}]"#,
            problem: #"[0].cleanGateway: expected true or false, got string "true""#),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"interface":"eth0","ipv4":["a"]},{"interface":"eth0","ipv4":["b"]}]"#,
            problem: "[1].interface: duplicate interface eth0, which [0] is about already"),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"interface":"eth0","ipv4":["a"]},{"ipv4":["b"]}]"#,
            problem: "[0] names an interface and [1] does not"),
        WrongAnnotationRow(
            key: Key.pools, value: #"[{"interface":"","ipv4":["a"]},{"interface":"net1","ipv4":["b"]}]"#,
            problem: "[1] names an interface and [0] does not"),

        WrongAnnotationRow(key: Key.routes, value: "x", problem: "line 1, column 1:"),
        WrongAnnotationRow(
            key: Key.routes, value: #"{"dst":"10.0.0.0/8"}"#, problem: "expected an array, got object with 1 member"),
        WrongAnnotationRow(
            key: Key.routes, value: #"[{"to":"10.0.0.0/8","via":"10.6.0.2"}]"#,
            problem: "[0].dst: missing, expected a CIDR"),
        WrongAnnotationRow(
            key: Key.routes, value: #"[{"dst":"10.0.0.0/8"}]"#, problem: "[0].gw: missing, expected an IP address"),
        WrongAnnotationRow(
            key: Key.routes, value: #"[{"dst":8,"gw":"10.6.0.2"}]"#,
            problem: "[0].dst: expected a string, got number 8"),
        WrongAnnotationRow(
            key: Key.routes, value: #"[{"dst":"10.0.0.0/33","gw":"10.6.0.2"}]"#,
            problem: #"[0].dst: expected a CIDR, got "10.0.0.0/33": prefix length out of range at position 9"#),
        WrongAnnotationRow(
            key: Key.routes, value: #"[{"dst":"10.0.0.0/8","gw":"10.6.0"}]"#,
            problem: #"[0].gw: expected an IP address, got "10.6.0": text ends too early"#),
        WrongAnnotationRow(
            key: Key.routes, value: #"[{"dst":"10.0.0.0/8","gw":"fd00::1"}]"#,
            problem: "[0].gw: fd00::1 is IPv6, but the destination 10.0.0.0/8 is IPv4"),

        WrongAnnotationRow(key: Key.subnet, value: "", problem: "line 1, column 1: empty document"),
        WrongAnnotationRow(key: Key.subnet, value: "null", problem: "names no subnet"),
        WrongAnnotationRow(key: Key.subnet, value: "[]", problem: "expected an object, got array of 0 elements"),
        WrongAnnotationRow(key: Key.subnet, value: "{}", problem: #"names no subnet under "ipv4" or "ipv6""#),
        WrongAnnotationRow(
            key: Key.subnet, value: #"{"ipv4":[""]}"#, problem: #"ipv4[0]: expected a name, got string """#),
        WrongAnnotationRow(
            key: Key.subnet, value: #"{"ipv4":["s"],"interface":[]}"#,
            problem: "interface: expected a string, got array of 0 elements"),

        WrongAnnotationRow(key: Key.subnets, value: "[]", problem: "at least one item is needed"),
        WrongAnnotationRow(
            key: Key.subnets, value: #"[{"ipv4":["s"]}]"#, problem: "[0].interface: missing, expected the name"),
        WrongAnnotationRow(
            key: Key.subnets, value: #"[{"interface":"eth0","ipv4":[]}]"#, problem: "[0]: names no subnet under"),
        WrongAnnotationRow(
            key: Key.subnets, value: #"[{"interface":"eth0","ipv4":["s"]},{"interface":"net1","ipv4":["s"]}]"#,
            problem: "[1].ipv4[0]: duplicate subnet s"),
        WrongAnnotationRow(
            key: Key.subnets, value: #"[{"interface":"eth0","ipv4":["s"]},{"interface":"eth0","ipv4":["t"]}]"#,
            problem: "[1].interface: duplicate interface eth0"),

        WrongAnnotationRow(
            key: Key.defaultNetwork, value: "a/b/c", problem: #"[0]: "a/b/c" has more than one "/" or "@""#),
        WrongAnnotationRow(
            key: Key.networks, value: "mv100,,mv200", problem: #"[1]: network "": a name must not be empty"#),
        WrongAnnotationRow(
            key: Key.networks, value: "mv100@net1@net2", problem: #"[0]: "mv100@net1@net2" has more than one"#),
        WrongAnnotationRow(key: Key.networks, value: "MV100", problem: #"[0]: network "MV100": must consist of"#),
        WrongAnnotationRow(key: Key.networks, value: "/mv100", problem: #"[0]: namespace "": a name must not"#),
        WrongAnnotationRow(
            key: Key.networks, value: "mv100@a/b", problem: #"[0]: "a/b" is no name for an interface"#),
        WrongAnnotationRow(
            key: Key.networks, value: "mv100@much-too-long-name", problem: #"[0]: "much-too-long-name" is no name"#),
        WrongAnnotationRow(key: Key.networks, value: "[{]", problem: "line 1, column 3:"),
        WrongAnnotationRow(
            key: Key.networks, value: #"{"name":"mv100"}"#, problem: "expected an array, got object with 1 member"),
        WrongAnnotationRow(
            key: Key.networks, value: #"[{"namespace":"a"}]"#, problem: "[0].name: missing, expected the name of"),
        WrongAnnotationRow(
            key: Key.networks, value: #"[{"name":"a","ips":["10.0.0.300"]}]"#,
            problem: "[0].ips[0]: expected an IP address, with or without a prefix length, got string"),
        WrongAnnotationRow(
            key: Key.networks, value: #"[{"name":"a","mac":"02:00"}]"#, problem: "[0].mac: expected a MAC address"),
        WrongAnnotationRow(
            key: Key.networks, value: #"[{"name":"a","infiniband-guid":"02:00"}]"#,
            problem: "[0].infiniband-guid: expected a GUID"),
        WrongAnnotationRow(
            key: Key.networks, value: #"[{"name":"a","interface":"a b"}]"#, problem: #"[0]: "a b" is no name for an"#),
    ]

    @Test("every annotation of a Pod, wrong in every way", arguments: wrongRows)
    func wrong(row: WrongAnnotationRow) throws {
        let annotations = PodAnnotations([row.key: row.value])
        let error = try #require(throws: PoolSelectionError.self) { try Self.read(row.key, annotations) }
        let prefix = "wrong input, invalid format of Pod annotation '\(row.key)': \(row.problem)"
        #expect("\(error)".hasPrefix(prefix), "\(error)")
        #expect("\(error)".contains("; write for example "), "\(error)")
        #expect(!"\(error)".contains("\n"))
    }

    @Test(
        "the size of an automatic pool",
        arguments: ["", "+", "++1", "5+", "-1", "1.5", " 5", "five", "99999999999999999999", "٣"])
    func wrongSize(text: String) throws {
        let annotations = PodAnnotations([Key.subnet: #"{"ipv4":["s"]}"#, Key.poolSize: text])
        let error = try #require(throws: PoolSelectionError.self) { try annotations.automaticPools() }
        #expect("\(error)".hasPrefix("wrong input, invalid format of Pod annotation '\(Key.poolSize)': "))
    }

    @Test("whether an automatic pool stays", arguments: ["", "yes", "TRue", "2", "null"])
    func wrongReclaim(text: String) throws {
        let annotations = PodAnnotations([Key.subnet: #"{"ipv4":["s"]}"#, Key.poolReclaim: text])
        let error = try #require(throws: PoolSelectionError.self) { try annotations.automaticPools() }
        #expect("\(error)".hasPrefix("wrong input, invalid format of Pod annotation '\(Key.poolReclaim)': "))
    }

    @Test(
        "default pools of a namespace",
        arguments: [
            ("", "line 1, column 1: empty document"), ("pool", "line 1, column 1:"),
            (#"{"ipv4":[]}"#, "expected an array, got object with 1 member"),
            (#"["a",["b"]]"#, "[1]: expected a name, got array of 1 element"), (#"[""]"#, "[0]: expected a name"),
            (#""a""#, #"expected an array, got string "a""#),
        ])
    func wrongNamespace(value: String, problem: String) throws {
        for key in [Key.defaultIPv4Pools, Key.defaultIPv6Pools] {
            let error = try #require(throws: PoolSelectionError.self) {
                try NamespaceAnnotations([key: value]).defaultPools()
            }
            let prefix = "wrong input, invalid format of Namespace annotation '\(key)': \(problem)"
            #expect("\(error)".hasPrefix(prefix), "\(error)")
        }
    }

    @Test("T13: keys in any letter case, unknown keys, null")
    func tolerance() throws {
        for key in ["cleanGateway", "cleangateway", "CLEANGATEWAY"] {
            let value = #"[{"Interface":"eth0","IPV4":["a"],"\#(key)":true,"vlan":{"x":[1]}}]"#
            let item = try #require(try PodAnnotations([Key.pools: value]).pools()?.first)
            #expect(item.interface == "eth0")
            #expect(item.names == [.ipv4: ["a"]])
            #expect(item.cleanGateway == true)
            #expect(item.unknownKeys == ["vlan"])
        }
        let value = " {\n \"IPv4\" : [ \"a\", \"b-*\" ],\n \"ipv6\" : null } "
        #expect(try PodAnnotations([Key.pool: value]).pool()?.names == [.ipv4: ["a", "b-*"]])
        #expect(try PodAnnotations([Key.pool: "null"]).pool()?.names == [:])
        #expect(try PodAnnotations([Key.routes: "null"]).routes() == [])
        #expect(try PodAnnotations([Key.routes: "[]"]).routes() == [])
        #expect(
            try NamespaceAnnotations([Key.defaultIPv4Pools: "null", Key.defaultIPv6Pools: "[]"]).defaultPools() == [:])
        let routes = try PodAnnotations([Key.routes: #"[{"DST":"10.0.5.1/16","Gw":"10.6.0.2","x":1}]"#]).routes()
        #expect(routes.map(\.description) == ["10.0.0.0/16 via 10.6.0.2"])
        #expect(try PodAnnotations().pools() == nil)
        #expect(try PodAnnotations().pool() == nil)
        #expect(try PodAnnotations().automaticPools() == nil)
    }

    @Test("automatic pools")
    func automatic() throws {
        let single = try PodAnnotations([Key.subnet: #"{"ipv4":["s","t"],"ipv6":["u"]}"#, Key.poolSize: "+2"])
            .automaticPools()
        #expect(
            single == [
                AutomaticPoolDemand(interface: "eth0", subnets: [.ipv4: "s", .ipv6: "u"], size: .flexible(2))
            ])
        let several = try PodAnnotations([
            Key.subnet: "never read", Key.poolSize: "0", Key.poolReclaim: "F",
            Key.subnets: #"[{"interface":"net1","ipv4":["s"]},{"interface":"eth0","ipv6":["s"]}]"#,
        ]).automaticPools()
        #expect(
            several == [
                AutomaticPoolDemand(interface: "net1", subnets: [.ipv4: "s"], size: .fixed(0), isReclaimed: false),
                AutomaticPoolDemand(interface: "eth0", subnets: [.ipv6: "s"], size: .fixed(0), isReclaimed: false),
            ])
    }

    /// Reads one annotation the way its users do.
    static func read(_ key: String, _ annotations: PodAnnotations) throws(PoolSelectionError) {
        switch key {
        case Key.pool: _ = try annotations.pool()
        case Key.pools: _ = try annotations.pools()
        case Key.routes: _ = try annotations.routes()
        case Key.subnet, Key.subnets, Key.poolSize, Key.poolReclaim: _ = try annotations.automaticPools()
        case Key.defaultNetwork: _ = try annotations.defaultNetwork()
        default: _ = try annotations.networks()
        }
    }

    @Test("random changes of right values are read or refused, never more", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) {
        var random = TestRandom(state: seed)
        let samples: [(String, String)] = [
            (Key.pool, #"{"ipv4":["a","b-*"],"ipv6":["c"]}"#),
            (Key.pools, #"[{"interface":"eth0","ipv4":["a"],"cleangateway":true},{"interface":"net1","ipv6":["b"]}]"#),
            (Key.routes, #"[{"dst":"10.0.0.0/16","gw":"10.6.0.2"},{"dst":"fd99::/64","gw":"fd00::2"}]"#),
            (Key.subnets, #"[{"interface":"eth0","ipv4":["s"]},{"interface":"net1","ipv4":["t"]}]"#),
            (Key.subnet, #"{"interface":"eth0","ipv4":["s"],"ipv6":["t"]}"#),
            (Key.networks, #"[{"name":"a","mac":"02:00:00:00:00:01","ips":["10.0.0.1/24"],"interface":"x"}]"#),
            (Key.networks, "kube-system/mv100@net1, mv200"), (Key.defaultNetwork, "kube-system/mv100"),
        ]
        let bits = Array(#"{}[]",:*@/ \0-1nulltruefals"#.utf8) + [0, 10, 0xc3, 0xff]
        let pieces = ["null", "true", "1e999", "[[", "{}", #""a""#, #""\ud800""#, "ipv4", "IPV6", "🜁", "::", "10.0.0"]
        for _ in 0..<5_000 {
            let (key, text) = samples[Int.random(in: 0..<samples.count, using: &random)]
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.insert(bits[Int.random(in: 0..<bits.count, using: &random)], at: place)
                case 1: if place < bytes.count { bytes.remove(at: place) }
                case 2:
                    bytes.insert(contentsOf: Array(pieces.randomElement(using: &random)?.utf8 ?? "".utf8), at: place)
                default: bytes = Array(bytes[..<place]) + Array(bytes[(place / 2)...].prefix(200))
                }
            }
            let value = String(decoding: bytes, as: UTF8.self)
            do throws(PoolSelectionError) {
                try Self.read(key, PodAnnotations([key: value]))
            } catch {
                #expect(error.code == .wrongInput, "seed \(seed): \(value)")
                #expect("\(error)".utf8.count < 1_000, "seed \(seed): \(value)")
            }
            _ = try? NamespaceAnnotations([Key.defaultIPv4Pools: value]).defaultPools()
            var instructions = PoolInstructions(interface: "eth0", pod: PodAnnotations([key: value]))
            instructions.features = SelectionFeatures(hasSubnets: true, hasAutomaticPools: true)
            if let plan = try? PoolPlan(instructions) {
                _ = PoolSelection(plan.request, facts: SelectionFacts(), pools: [])
            }
        }
    }
}
