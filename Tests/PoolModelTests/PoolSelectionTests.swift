import IPAMCore
import JSONTree
import PoolModel
import Testing

/// One pool against one situation.
struct FilterRow: Sendable, CustomTestStringConvertible {
    let id: String
    /// Members of the specification besides the subnet.
    let spec: String
    var change: @Sendable (inout SelectionFacts) -> Void = { _ in }
    /// The refusal; `nil` when the pool serves.
    var reason: String?
    var testDescription: String { id }
}

struct OrderRow: Sendable, CustomTestStringConvertible {
    let id: String
    /// Members of the specifications, the pool that goes first in front.
    let specs: [String]
    var testDescription: String { id }
}

@Suite struct PoolSelectionTests {
    static let facts: SelectionFacts = {
        var facts = SelectionFacts()
        facts.nodeName = "n7"
        facts.nodeLabels = ["zone": "6"]
        facts.namespaceName = "default"
        facts.namespaceLabels = ["team": "red"]
        facts.podLabels = ["app": "web"]
        facts.networkAttachment = NetworkAttachment(namespace: "kube-system", name: "mv100")
        facts.homeNamespace = "kube-system"
        return facts
    }()

    static let affinity = #"{"matchLabels": {"zone": "6", "team": "red", "app": "web"}}"#

    static let filterRows: [FilterRow] = [
        FilterRow(id: "no condition", spec: ""),
        FilterRow(id: "T25 matches", spec: #""nodeAffinity": {"matchLabels": {"zone": "6"}}"#),
        FilterRow(
            id: "T25 does not", spec: #""nodeAffinity": {"matchLabels": {"zone": "7"}}"#,
            reason: "unmatched Node affinity of IPPool p"),
        FilterRow(
            id: "node labels unknown",
            spec: #""nodeAffinity": {"matchExpressions": [{"key": "zone", "operator": "DoesNotExist"}]}"#,
            change: { $0.nodeLabels = nil }, reason: "unmatched Node affinity of IPPool p"),
        FilterRow(id: "T26 matches", spec: #""namespaceAffinity": {"matchLabels": {"team": "red"}}"#),
        FilterRow(
            id: "T26 does not", spec: #""namespaceAffinity": {"matchLabels": {"team": "blue"}}"#,
            reason: "unmatched Namespace affinity of IPPool p"),
        FilterRow(id: "T27 matches", spec: #""podAffinity": {"matchLabels": {"app": "web"}}"#),
        FilterRow(
            id: "T27 does not", spec: #""podAffinity": {"matchLabels": {"app": "db"}}"#,
            reason: "unmatched Pod affinity of IPPool p"),
        FilterRow(id: "T28", spec: #""nodeName": ["n1", "n7"], "nodeAffinity": {"matchLabels": {"zone": "7"}}"#),
        FilterRow(
            id: "T29", spec: #""nodeName": ["n1"], "nodeAffinity": {"matchLabels": {"zone": "6"}}"#,
            reason: "unmatched Node name of IPPool p"),
        FilterRow(
            id: "node unknown", spec: #""nodeName": ["n7"]"#, change: { $0.nodeName = nil },
            reason: "unmatched Node name of IPPool p"),
        FilterRow(
            id: "T30 lists it",
            spec: #""namespaceName": ["default"], "namespaceAffinity": {"matchLabels": {"team": "x"}}"#),
        FilterRow(
            id: "T30 does not",
            spec: #""namespaceName": ["kube-system"], "namespaceAffinity": {"matchLabels": {"team": "red"}}"#,
            reason: "unmatched Namespace name of IPPool p"),
        FilterRow(id: "T31 with namespace", spec: #""multusName": ["kube-system/mv200", "kube-system/mv100"]"#),
        FilterRow(id: "T31 completed", spec: #""multusName": ["mv100"]"#),
        FilterRow(
            id: "T31 other, P40", spec: #""multusName": ["kube-system/mv200", "x"]"#,
            reason:
                "the spec.multusName [kube-system/mv200 x] in the IPPool p used by the Pod interface eth0 is not matched"
        ),
        FilterRow(
            id: "network unknown", spec: #""multusName": ["mv100"]"#, change: { $0.networkAttachment = nil },
            reason: "the spec.multusName [mv100] in the IPPool p used by the Pod interface eth0 is not matched"),
        FilterRow(id: "T37", spec: "", change: { $0.networkAttachment = nil }),
        FilterRow(
            id: "no namespaces at all", spec: #""multusName": ["mv100"]"#,
            change: {
                $0.networkAttachment = NetworkAttachment(name: "mv100")
                $0.homeNamespace = nil
            }),
        FilterRow(
            id: "W-25: pod affinity does not hide the network rule",
            spec: #""podAffinity": {"matchLabels": {"app": "web"}}, "multusName": ["x"]"#,
            reason: "the spec.multusName [x] in the IPPool p used by the Pod interface eth0 is not matched"),
        FilterRow(id: "T20, P39", spec: #""disable": true, "nodeName": ["n1"]"#, reason: "disabled IPPool p"),
        FilterRow(id: "version stated", spec: #""ipVersion": 4"#),
        FilterRow(
            id: "version is that of the other family", spec: #""ipVersion": 6"#,
            reason: "unmatched IP version of IPPool p: it is IPv6, wanted is IPv4"),
    ]

    @Test("one rule at a time", arguments: filterRows)
    func filter(row: FilterRow) throws {
        var facts = Self.facts
        row.change(&facts)
        let pool = try pool("p", #"{"subnet": "10.0.0.0/24"\#(row.spec.isEmpty ? "" : ", ")\#(row.spec)}"#)
        let selection = PoolSelection(Self.request(["p"]), facts: facts, pools: [pool])
        #expect(selection.considered.map { $0.verdicts.map { $0.refusal?.description } } == [[row.reason]])
        #expect(selection.considered.first?.candidates == (row.reason == nil ? [pool] : []))
        guard let reason = row.reason else { return }
        let error = try #require(throws: PoolSelectionError.self) { try selection.outcome.get() }
        #expect("\(error)" == "no IPPool available, all IPv4 IPPools [p] of eth0 filtered out: [\(reason)]")
        #expect(error.refusals.allSatisfy { !$0.remedy.isEmpty })
    }

    @Test("automatic pools ask for the application, not for labels")
    func automaticPool() throws {
        let identity = ApplicationIdentity(
            group: "apps", version: "v1", kind: "Deployment", namespace: "default", name: "web")
        var auto = SpiderIPPool(named: "auto", subnet: "10.0.0.0/24")
        auto.metadata.labels["ipam.spidernet.io/owner-application-name"] = "web"
        auto.spec.podAffinity = LabelSelector(matchLabels: identity.labels)
        var facts = Self.facts
        facts.podLabels = identity.labels
        #expect(throws: PoolSelectionError.self) {
            try PoolSelection(Self.request(["auto"]), facts: facts, pools: [auto]).outcome.get()
        }
        facts.application = identity
        #expect(try Self.names(PoolSelection(Self.request(["auto"]), facts: facts, pools: [auto])) == [["auto"]])
        facts.application?.name = "db"
        #expect(throws: PoolSelectionError.self) {
            try PoolSelection(Self.request(["auto"]), facts: facts, pools: [auto]).outcome.get()
        }
    }

    @Test(
        "the more specific pool goes first",
        arguments: [
            OrderRow(id: "T33", specs: [#""podAffinity": A"#, #""nodeName": ["n7"]"#, ""]),
            OrderRow(id: "one more", specs: [#""podAffinity": A, "nodeName": ["n7"]"#, #""podAffinity": A"#]),
            OrderRow(
                id: "not a count",
                specs: [
                    #""podAffinity": A"#, #""nodeName": ["n7"], "namespaceName": ["default"], "multusName": ["mv100"]"#,
                ]),
            OrderRow(
                id: "lexicographic",
                specs: [
                    #""podAffinity": A, "nodeName": ["n7"]"#,
                    #""podAffinity": A, "namespaceName": ["default"], "multusName": ["mv100"]"#,
                ]),
            OrderRow(
                id: "all six",
                specs: [
                    #""podAffinity": A"#, #""nodeName": ["n7"]"#, #""nodeAffinity": A"#,
                    #""namespaceName": ["default"]"#,
                    #""namespaceAffinity": A"#, #""multusName": ["mv100"]"#, "",
                ]),
        ])
    func order(row: OrderRow) throws {
        var facts = Self.facts
        let labels = ["zone": "6", "team": "red", "app": "web"]
        (facts.podLabels, facts.nodeLabels, facts.namespaceLabels) = (labels, labels, labels)
        let pools = try row.specs.enumerated().map { index, spec in
            let members = spec.replacing(": A", with: ": \(Self.affinity)")
            return try pool(
                "p\(index)", #"{"subnet": "10.0.0.0/24", "default": true\#(spec.isEmpty ? "" : ", ")\#(members)}"#)
        }
        let expected = [pools.map(\.name)]
        var random = TestRandom(state: 3)
        for _ in 0..<20 {
            let shuffled = pools.shuffled(using: &random)
            let request = Self.request(shuffled.map(\.name))
            #expect(try Self.names(PoolSelection(request, facts: facts, pools: shuffled)) == expected)
            #expect(
                try Self.names(PoolSelection(PoolRequest(interface: "eth0"), facts: facts, pools: shuffled)) == expected
            )
        }
    }

    @Test("P38, T17: equals keep the order in which they are named; default pools that of their names")
    func declaredOrder() throws {
        let pools = try ["b", "c", "a"].map { try pool($0, #"{"subnet": "10.0.0.0/24", "default": true}"#) }
        #expect(try Self.names(Self.select(["c", "a", "b"], pools)) == [["c", "a", "b"]])
        let byDefault = PoolSelection(PoolRequest(interface: "eth0"), facts: Self.facts, pools: pools)
        #expect(try Self.names(byDefault) == [["a", "b", "c"]])
        #expect(byDefault.origin == .clusterDefault)
        #expect(Self.select(["a"], pools).origin == .cniConfiguration)
    }

    @Test("P37, T07, T08, W-19: patterns")
    func patterns() throws {
        let pools = [
            try pool("v4-b", #"{"subnet": "10.0.0.0/24"}"#), try pool("v6-a", #"{"subnet": "fd00::/64"}"#),
            try pool("v4-a", #"{"subnet": "10.0.0.0/24"}"#),
            try pool("v4-c", #"{"subnet": "10.0.0.0/24", "nodeName": ["x"]}"#),
        ]
        #expect(try Self.names(Self.select(["v4-*"], pools)) == [["v4-a", "v4-b"]])
        #expect(try Self.names(Self.select(["*"], pools)) == [["v4-a", "v4-b"]])
        #expect(try Self.names(Self.select(["v4-b", "v4-*"], pools)) == [["v4-b", "v4-a"]])
        #expect(try Self.names(Self.select(["v4-*", "v4-b"], pools)) == [["v4-a", "v4-b"]])
        #expect(try Self.names(Self.select(["v4-[b-z]", "x*", "v4-?"], pools)) == [["v4-b", "v4-a"]])
    }
}
