import IPAMCore
import PoolModel
import Testing

/// An interface, what the annotations say, and the network that it comes from.
struct NetworkRow: Sendable, CustomTestStringConvertible {
    let id: String
    let interface: String
    var networks: String?
    var defaultNetwork: String?
    var clusterNetwork: String?
    let network: String?
    var testDescription: String { id }
}

@Suite struct NetworkSelectionTests {
    typealias Key = AnnotationKey

    static let compact =
        #"[{"name":"mv1","namespace":"infra"},{"name":"mv2","interface":"abc","ips":["10.0.0.9/24","fd00::1"]}]"#
    static let pretty = """
        [
          { "Name": "mv1",
            "NAMESPACE": "infra" },
          { "interface": "abc", "name": "mv2", "mac": "02:00:00:00:00:01", "cni-args": {"x": [1]},
            "infiniband-guid": "c2:11:22:33:44:55:66:77" }
        ]
        """

    static let rows: [NetworkRow] = [
        NetworkRow(id: "eth0, nothing known", interface: "eth0", network: nil),
        NetworkRow(id: "eth0, cluster network", interface: "eth0", clusterNetwork: "mv0", network: "home/mv0"),
        NetworkRow(id: "eth0, full name", interface: "eth0", clusterNetwork: "infra/mv0", network: "infra/mv0"),
        NetworkRow(
            id: "eth0, annotation", interface: "eth0", networks: "mv1", defaultNetwork: "mv9, mv8",
            clusterNetwork: "mv0", network: "home/mv9"),
        NetworkRow(
            id: "eth0, annotation in JSON", interface: "eth0", defaultNetwork: #"[{"name":"mv9","namespace":"x"}]"#,
            network: "x/mv9"),
        NetworkRow(
            id: "eth0, empty annotation", interface: "eth0", defaultNetwork: " ", clusterNetwork: "mv0",
            network: "home/mv0"),
        NetworkRow(id: "further, no annotation", interface: "net1", clusterNetwork: "mv0", network: nil),
        NetworkRow(id: "further, by number", interface: "net2", networks: "mv1, infra/mv2 ", network: "infra/mv2"),
        NetworkRow(id: "further, completed", interface: "net1", networks: "mv1,infra/mv2", network: "shop/mv1"),
        NetworkRow(id: "further, beyond the list", interface: "net3", networks: "mv1,infra/mv2", network: nil),
        NetworkRow(id: "T44", interface: "abc", networks: "mv1,infra/mv2@abc", network: "infra/mv2"),
        NetworkRow(id: "named ones have no number", interface: "net2", networks: "mv1,infra/mv2@abc", network: nil),
        NetworkRow(id: "T35 compact, number", interface: "net1", networks: compact, network: "infra/mv1"),
        NetworkRow(id: "T35 compact, name", interface: "abc", networks: compact, network: "shop/mv2"),
        NetworkRow(id: "T35 pretty, number", interface: "net1", networks: pretty, network: "infra/mv1"),
        NetworkRow(id: "T35 pretty, name", interface: "abc", networks: pretty, network: "shop/mv2"),
    ]

    @Test("which network an interface comes from", arguments: rows)
    func network(row: NetworkRow) throws {
        var values: [String: String] = [:]
        values[Key.networks] = row.networks
        values[Key.defaultNetwork] = row.defaultNetwork
        let network = try PodAnnotations(values).network(
            of: row.interface, podNamespace: "shop", clusterNetwork: row.clusterNetwork, homeNamespace: "home")
        #expect(network?.description == row.network)
    }

    @Test("addresses that are asked for")
    func requests() throws {
        let compact = try PodAnnotations([Key.networks: Self.compact]).networks()
        #expect(compact.map(\.addresses) == [[], ["10.0.0.9/24", "fd00::1"]])
        let pretty = try PodAnnotations([Key.networks: Self.pretty]).networks()
        #expect(pretty.map { $0.hardwareAddress?.description } == [nil, "02:00:00:00:00:01"])
        #expect(try PodAnnotations([Key.networks: ""]).networks() == [])
        #expect(try PodAnnotations([Key.networks: "[]"]).networks() == [])
    }

    @Test("a network that cannot be told matters only to pools that ask for one")
    func unknown() throws {
        let call = WorkloadCall(
            key: WorkloadKey(containerID: "c", network: "lan"), interface: "net1", annotations: [Key.networks: "A"])
        let profile = WorkloadProfile(call, facts: nil)
        #expect(profile.facts.networkAttachment == nil)
        var picky = SpiderIPPool(named: "picky", subnet: "10.0.0.0/24")
        picky.spec.multusName = ["mv100"]
        let selection = PoolSelection(
            PoolRequest(interface: "net1", sources: [PoolSource(origin: .podPool, names: [.ipv4: ["picky", "easy"]])]),
            facts: profile.facts, pools: [picky, SpiderIPPool(named: "easy", subnet: "10.0.0.0/24")])
        #expect(try selection.outcome.get().first?.candidates.map(\.name) == ["easy"])
        let reason = try #require(selection.considered.first?.verdicts.first?.refusal)
        #expect(
            "\(reason)".hasPrefix(
                "the spec.multusName [mv100] in the IPPool picky used by the Pod interface net1 is not matched: wrong "
                    + "input, invalid format of Pod annotation 'k8s.v1.cni.cncf.io/networks': [0]: network \"A\""),
            "\(reason)")
    }
}
