import IPAMCore
import JSONTree
import PoolModel
import Testing

/// A pool that is created beside others: which errors it gets, and what the first one says.
struct AdmissionRow: Sendable, CustomTestStringConvertible {
    let id: String
    let spec: String
    var others: [String] = []
    var settings = AdmissionSettings()
    /// Types and paths of the errors; empty when the pool is accepted.
    var errors: [String] = []
    var message = ""
    var testDescription: String { id }
}

@Suite struct PoolAdmissionTests {
    static let rows: [AdmissionRow] = [
        AdmissionRow(id: "P1", spec: #"{"subnet": "10.16.0.0/16"}"#),
        AdmissionRow(id: "P2", spec: #"{"subnet": "fd00:1::/64"}"#),
        AdmissionRow(
            id: "P3", spec: #"{"subnet": "invalid"}"#,
            errors: ["FieldValueInvalid spec.ipVersion", "FieldValueInvalid spec.subnet"],
            message: "correct spec.subnet"),
        AdmissionRow(
            id: "P4", spec: #"{"ipVersion": 4, "subnet": "fd00::/64"}"#, errors: ["FieldValueInvalid spec.subnet"],
            message: "correct one of the two"),
        AdmissionRow(
            id: "P5", spec: #"{"subnet": "192.168.0.1/24"}"#, errors: ["FieldValueInvalid spec.subnet"],
            message: "write \"192.168.0.0/24\""),
        AdmissionRow(
            id: "P5, IPv6 spelling", spec: #"{"subnet": "FD00::/64"}"#, errors: ["FieldValueInvalid spec.subnet"],
            message: "write \"fd00::/64\""),
        AdmissionRow(
            id: "P6", spec: #"{"ipVersion": 5, "subnet": "10.0.0.0/24"}"#,
            errors: ["FieldValueNotSupported spec.ipVersion"], message: "\"4\", \"6\""),
        AdmissionRow(
            id: "P7", spec: #"{"subnet": "fd00::/64"}"#, settings: AdmissionSettings(enabledFamilies: [.ipv4]),
            errors: ["FieldValueForbidden spec.ipVersion"], message: "IPv6 is disabled"),
        AdmissionRow(id: "P8", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.3", "10.0.0.1-10.0.0.2"]}"#),
        AdmissionRow(
            id: "P9", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.9-10.0.0.1"]}"#,
            errors: ["FieldValueInvalid spec.ips[0]"], message: "write \"10.0.0.1-10.0.0.9\""),
        AdmissionRow(
            id: "P9 with a legal entry", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.7", "10.0.0.9-10.0.0.1"]}"#,
            errors: ["FieldValueInvalid spec.ips[1]"], message: "downwards"),
        AdmissionRow(
            id: "T94 exclusion", spec: #"{"subnet": "10.0.0.0/24", "excludeIPs": ["10.0.0.9-10.0.0.1"]}"#,
            errors: ["FieldValueInvalid spec.excludeIPs[0]"], message: "write \"10.0.0.1-10.0.0.9\""),
        AdmissionRow(
            id: "P10", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1", "10.0.1.1", "10.0.0.250-10.0.1.5"]}"#,
            errors: ["FieldValueInvalid spec.ips[1]", "FieldValueInvalid spec.ips[2]"],
            message: "keep within 10.0.0.0-10.0.0.255"),
        AdmissionRow(id: "P11", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.5", "10.0.0.3-10.0.0.9"]}"#),
        AdmissionRow(
            id: "P12", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1"]}"#,
            others: [#"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.2"]}"#]),
        AdmissionRow(
            id: "P13, T81", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.9"]}"#,
            others: [#"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.9-10.0.0.12"]}"#],
            errors: ["FieldValueForbidden spec.ips"], message: "10.0.0.9 of pool \"other-0\""),
        AdmissionRow(
            id: "P13, several pools", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.9"]}"#,
            others: [
                #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.5"]}"#, #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.7"]}"#,
            ],
            errors: ["FieldValueForbidden spec.ips"],
            message: "10.0.0.5 of pool \"other-0\", 10.0.0.7 of pool \"other-1\""),
        AdmissionRow(
            id: "P14, own exclusion",
            spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.9"], "excludeIPs": ["10.0.0.9"]}"#,
            others: [#"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.9"]}"#]),
        AdmissionRow(
            id: "P14, the other's exclusion", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.9"]}"#,
            others: [#"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.9"], "excludeIPs": ["10.0.0.9"]}"#]),
        AdmissionRow(
            id: "P15, T82", spec: #"{"subnet": "10.6.0.0/24"}"#, others: [#"{"subnet": "10.6.0.0/16"}"#],
            errors: ["FieldValueInvalid spec.subnet"], message: "10.6.0.0/16 of pool \"other-0\""),
        AdmissionRow(
            id: "neighbouring subnets", spec: #"{"subnet": "10.6.0.0/24"}"#, others: [#"{"subnet": "10.6.1.0/24"}"#]),
        AdmissionRow(
            id: "P17, T84", spec: #"{"subnet": "10.0.0.0/24", "gateway": "10.0.1.1"}"#,
            errors: ["FieldValueInvalid spec.gateway"], message: "within 10.0.0.0-10.0.0.255"),
        AdmissionRow(
            id: "gateway of the other family", spec: #"{"subnet": "10.0.0.0/24", "gateway": "fd00::1"}"#,
            errors: ["FieldValueInvalid spec.gateway"], message: "IPv6"),
        AdmissionRow(
            id: "gateway that is none", spec: #"{"subnet": "10.0.0.0/24", "gateway": "10.0.0"}"#,
            errors: ["FieldValueInvalid spec.gateway"], message: "ends too early"),
        AdmissionRow(
            id: "P18, T84",
            spec:
                #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.5-10.0.0.9", "10.0.0.1-10.0.0.2"], "gateway": "10.0.0.1"}"#,
            errors: ["FieldValueInvalid spec.ips[0]"], message: "excludeIPs"),
        AdmissionRow(
            id: "P18, another spelling (W-60)",
            spec: #"{"subnet": "fd00::/64", "ips": ["fd00:0::1"], "gateway": "fd00::1"}"#,
            errors: ["FieldValueInvalid spec.ips[0]"], message: "the gateway fd00::1"),
        AdmissionRow(
            id: "P19",
            spec:
                #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.9"], "excludeIPs": ["10.0.0.1"], "gateway": "10.0.0.1"}"#
        ),
        AdmissionRow(
            id: "P20, T84", spec: #"{"subnet": "10.0.0.0/24", "routes": [{"dst": "0.0.0.0/0", "gw": "10.0.0.1"}]}"#,
            errors: ["FieldValueInvalid spec.routes[0].dst"], message: "set spec.gateway"),
        AdmissionRow(
            id: "P20, IPv6", spec: #"{"subnet": "fd00::/64", "routes": [{"dst": "::/0", "gw": "fd00::1"}]}"#,
            errors: ["FieldValueInvalid spec.routes[0].dst"], message: "set spec.gateway"),
        AdmissionRow(
            id: "P21",
            spec: """
                {"subnet": "10.0.0.0/24", "routes": [{"dst": "172.16.0.0/12", "gw": "10.0.0.1"},
                 {"dst": "172.16.9.9/12", "gw": "10.0.0.2"}]}
                """,
            errors: ["FieldValueInvalid spec.routes[1].dst"], message: "spec.routes[0]"),
        AdmissionRow(
            id: "P22, T84", spec: #"{"subnet": "10.0.0.0/24", "routes": [{"dst": "172.16.0.0/12", "gw": "10.9.0.1"}]}"#,
            errors: ["FieldValueInvalid spec.routes[0].gw"], message: "within 10.0.0.0-10.0.0.255"),
        AdmissionRow(
            id: "route of the other family, next hop that is none",
            spec:
                #"{"subnet": "10.0.0.0/24", "routes": [{"dst": "fd00::/8", "gw": "x"}, {"dst": "10.9.0.0", "gw": "10.0.0.1"}]}"#,
            errors: [
                "FieldValueInvalid spec.routes[0].dst", "FieldValueInvalid spec.routes[0].gw",
                "FieldValueInvalid spec.routes[1].dst",
            ], message: "CIDR of the pool's family"),
        AdmissionRow(
            id: "P26", spec: #"{"subnet": "10.0.0.0/24", "podAffinity": {}}"#,
            errors: ["FieldValueInvalid spec.podAffinity"], message: "remove the field"),
        AdmissionRow(
            id: "P26 for the other selectors",
            spec: #"{"subnet": "10.0.0.0/24", "namespaceAffinity": {}, "nodeAffinity": {"matchLabels": {}}}"#,
            errors: ["FieldValueInvalid spec.namespaceAffinity", "FieldValueInvalid spec.nodeAffinity"],
            message: "empty"),
        AdmissionRow(
            id: "P27", spec: #"{"subnet": "10.0.0.0/24", "podAffinity": {"matchLabels": {"app": "a b"}}}"#,
            errors: ["FieldValueInvalid spec.podAffinity"], message: "matchLabels.app: "),
        AdmissionRow(
            id: "P27 for the other selectors",
            spec: """
                {"subnet": "10.0.0.0/24", "nodeAffinity": {"matchExpressions": [{"key": "a", "operator": "Near"}]},
                 "namespaceAffinity": {"matchExpressions": [{"key": "a", "operator": "In"}]}}
                """,
            errors: ["FieldValueInvalid spec.namespaceAffinity", "FieldValueInvalid spec.nodeAffinity"],
            message: "at least one value"),
        AdmissionRow(
            id: "T94 ::1-::5", spec: #"{"subnet": "::/64", "ips": ["::1-::5"]}"#),
        AdmissionRow(
            id: "T94 CIDR as a range", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.0/30"]}"#,
            errors: ["FieldValueInvalid spec.ips[0]"], message: "write \"10.0.0.0-10.0.0.3\""),
        AdmissionRow(
            id: "T94 blanks", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1 - 10.0.0.3"]}"#,
            errors: ["FieldValueInvalid spec.ips[0]"], message: "write \"10.0.0.1-10.0.0.3\""),
        AdmissionRow(
            id: "mixed families", spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-fd00::1", "fd00::1"]}"#,
            errors: ["FieldValueInvalid spec.ips[0]", "FieldValueInvalid spec.ips[1]"],
            message: "mixed address families"),
        AdmissionRow(
            id: "IPv4-mapped range", spec: #"{"subnet": "10.0.0.0/24", "ips": ["::ffff:10.0.0.1"]}"#,
            errors: ["FieldValueInvalid spec.ips[0]"], message: "IPv4-mapped"),
        AdmissionRow(
            id: "IPv4-mapped subnet", spec: #"{"subnet": "::ffff:10.0.0.0/120"}"#,
            errors: ["FieldValueInvalid spec.subnet"], message: "write \"10.0.0.0/24\""),
        AdmissionRow(
            id: "independent mistakes in the order of the rules",
            spec: """
                {"subnet": "10.0.0.0/24", "gateway": "10.9.0.1", "ips": ["x"], "excludeIPs": ["y"], "podAffinity": {},
                 "routes": [{"dst": "0.0.0.0/0", "gw": "10.0.0.1"}]}
                """,
            errors: [
                "FieldValueInvalid spec.ips[0]", "FieldValueInvalid spec.excludeIPs[0]",
                "FieldValueInvalid spec.gateway",
                "FieldValueInvalid spec.routes[0].dst", "FieldValueInvalid spec.podAffinity",
            ]),
    ]

    @Test("creation", arguments: rows)
    func creation(row: AdmissionRow) throws {
        let others = try row.others.enumerated().map { try pool("other-\($0.offset)", $0.element).defaulted() }
        let errors = try pool("new", row.spec).defaulted().validateCreation(among: others, settings: row.settings)
        #expect(errors.map(\.place) == row.errors)
        if let first = errors.first { #expect(first.description.contains(row.message), "\(first)") }
        for error in errors { #expect(error.statusCode == 422 && !error.description.contains("\n")) }
    }

    @Test("P16: a name that exists is 409")
    func nameExists() throws {
        let existing = try pool("a", #"{"subnet": "10.0.0.0/24"}"#)
        let errors = try pool("a", #"{"subnet": "10.1.0.0/24"}"#).defaulted().validateCreation(among: [existing])
        #expect(errors.map(\.place) == ["AlreadyExists metadata.name"])
        #expect(errors.first?.statusCode == 409)
    }

    @Test("illegal names and labels are refused first")
    func metadata() throws {
        var pool = try pool("Rack_A", #"{"subnet": "10.0.0.1/24"}"#, labels: ["a b": "x"])
        pool.metadata.annotations = ["note": "anything goes\n"]
        #expect(
            pool.validateCreation(among: []).map(\.place) == [
                "FieldValueInvalid metadata.name", "FieldValueInvalid metadata.labels[a b]",
                "FieldValueInvalid spec.subnet",
            ])
    }

    @Test("ranges that bypassed defaulting and overlap are found, whatever their order")
    func overlapInside() throws {
        let ips = ["10.0.0.50", "10.0.0.1-10.0.0.100", "10.0.0.200", "10.0.0.100-10.0.0.101"]
        let errors = SpiderIPPool(named: "a", subnet: "10.0.0.0/24", ips: ips).validateCreation(among: [])
        #expect(errors.map(\.place) == ["FieldValueInvalid spec.ips[1]", "FieldValueInvalid spec.ips[3]"])
        #expect(errors[0].message.contains("10.0.0.50 with spec.ips[0]"))
        #expect(errors[1].message.contains("10.0.0.100 with spec.ips[1]"))
    }

    @Test("overlap compares subnets, not labels, and copes with pools without version or with nonsense")
    func legacyPools() throws {
        let legacy = try pool("old", #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1"]}"#)
        let broken = try pool("broken", #"{"subnet": "?", "ips": ["!"]}"#)
        let errors = try pool("new", #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1"]}"#).defaulted()
            .validateCreation(among: [broken, legacy])
        #expect(errors.map(\.place) == ["FieldValueForbidden spec.ips"])
    }

    @Test("P28: an automatic pool's affinity is the application's identity and nothing else")
    func automaticPool() throws {
        let spec = """
            {"subnet": "10.0.0.0/24", "podAffinity": {"matchLabels": {"ipam.spidernet.io/app-name": "web", "tier": "a",
             "zone": "b"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}}
            """
        let labels = ["ipam.spidernet.io/owner-application-name": "web"]
        let errors = try pool("auto", spec, labels: labels).validateCreation(among: [])
        #expect(errors.map(\.place) == Array(repeating: "FieldValueInvalid spec.podAffinity", count: 3))
        #expect(errors.map(\.value) == ["tier", "zone", "x"])
    }

    @Test("P35: huge IPv6 pools cost nothing")
    func hugePool() throws {
        var pools: [SpiderIPPool] = []
        for index in 1...200 {
            let pool = try pool(
                "p\(index)",
                """
                {"subnet": "fd00:\(index)::/64", "ips": ["fd00:\(index)::1-fd00:\(index)::ffff:ffff:ffff:ffff",
                 "fd00:\(index)::5-fd00:\(index)::7"], "excludeIPs": ["fd00:\(index)::10", "fd00:\(index):0:0:8000::"]}
                """
            ).defaulted()
            #expect(pool.spec.ips == ["fd00:\(index)::1-fd00:\(index)::ffff:ffff:ffff:ffff"])
            #expect(pool.validateCreation(among: pools) == [])
            #expect(pool.validateUpdate(from: pool, among: pools) == [])
            #expect(try ResolvedPool(pool).totalCount == .max)
            pools.append(pool)
        }
    }
}
