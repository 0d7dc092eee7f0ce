import JSONTree
import KubeClient
import Testing

/// What `kubectl get` prints, under every name of a kind.
@Suite(.serialized) struct PrinterColumnTests {
    struct Table: Sendable, CustomTestStringConvertible {
        let kind: CustomKind
        /// JSON.
        let content: String
        var status: String?
        var labels: [String: String] = [:]
        /// The columns behind NAME, and what is in them; `*` is anything.
        let columns: [(header: String, cell: String)]
        var testDescription: String { kind.rawValue + (isWide ? ", wide" : "") }
        var isWide = false
    }

    private static let pool = """
        {"ipVersion": 4, "subnet": "10.21.0.0/16", "disable": true, "nodeName": ["a", "b"], "multusName": ["k/m"],
         "podAffinity": {"matchLabels": {"ipam.spidernet.io/app-namespace": "shop"}}}
        """
    private static let poolColumns = [
        ("VERSION", "4"), ("SUBNET", "10.21.0.0/16"), ("ALLOCATED-IP-COUNT", "3"), ("TOTAL-IP-COUNT", "20"),
        ("DEFAULT", "false"),
    ]

    static let tables = [
        Table(
            kind: .pool, content: pool, status: #"{"allocatedIPCount": 3, "totalIPCount": 20}"#, columns: poolColumns),
        Table(
            kind: .pool, content: pool, status: #"{"allocatedIPCount": 3, "totalIPCount": 20}"#,
            columns: poolColumns + [
                ("DISABLE", "true"), ("NODENAME", #"["a","b"]"#), ("MULTUSNAME", #"["k/m"]"#),
                ("APP-NAMESPACE", "shop"),
            ], isWide: true),
        Table(
            kind: .subnet, content: #"{"ipVersion": 6, "subnet": "fd00:21::/64"}"#,
            status: #"{"allocatedIPCount": 0, "totalIPCount": 9223372036854775807}"#,
            columns: [
                ("VERSION", "6"), ("SUBNET", "fd00:21::/64"), ("ALLOCATED-IP-COUNT", "0"),
                ("TOTAL-IP-COUNT", "9223372036854775807"),
            ]),
        Table(
            kind: .endpoint,
            content: """
                {"current": {"uid": "u", "node": "rack-7", "ips": [
                  {"interface": "eth0", "ipv4": "10.21.0.1/16", "ipv4Pool": "p4", "ipv6": "fd00:21::1/64", "ipv6Pool": "p6"},
                  {"interface": "net1"}]}, "ownerControllerType": "Pod", "ownerControllerName": "p"}
                """,
            columns: [
                ("INTERFACE", "eth0"), ("IPV4POOL", "p4"), ("IPV4", "10.21.0.1/16"), ("IPV6POOL", "p6"),
                ("IPV6", "fd00:21::1/64"), ("NODE", "rack-7"),
            ]),
        Table(kind: .reserved, content: #"{"ipVersion": 4, "ips": ["10.21.0.1"]}"#, columns: [("VERSION", "4")]),
        Table(kind: .network, content: #"{"cniType": "custom"}"#, columns: [("AGE", "*")]),
        Table(
            kind: .coordinator, content: #"{"podCIDRType": "calico"}"#, status: #"{"phase": "Synced"}"#,
            columns: [("PHASE", "Synced"), ("MODE", "auto"), ("POD-CIDR-TYPE", "calico")]),
        Table(
            kind: .block, content: #"{"cidr": "10.21.0.0/26", "sequence": 17}"#,
            labels: ["ipam.spidernet.io/block-node": "rack-7"],
            columns: [("CIDR", "10.21.0.0/26"), ("NODE", "rack-7"), ("SEQUENCE", "17"), ("AGE", "*")]),
    ]

    @Test(arguments: tables)
    func columns(_ table: Table) async throws {
        let lab = try await ManifestLab.shared
        let name = ManifestLab.name("columns")
        let objects = lab.objects(table.kind)
        _ = try await objects.create(
            try lab.object(table.kind, name, [(table.kind.content, try ManifestLab.json(table.content))]))
        if let status = table.status {
            let patch: JSONValue = ["status": try ManifestLab.json(status)]
            _ = try await objects.patch(name, .merge(patch), subresource: "status")
        }
        if !table.labels.isEmpty {
            let labels = JSONValue.object(JSONObject(table.labels.map { ($0.key, .string($0.value)) }))
            _ = try await objects.patch(name, .merge(["metadata": ["labels": labels]]))
        }
        let lines = try await lab.kubectl("get", table.kind.shortName, name, "-o", table.isWide ? "wide" : "")
            .split(separator: "\n")
        try #require(lines.count == 2)
        #expect(Self.words(lines[0]) == ["NAME"] + table.columns.map(\.header))
        let cells = Self.words(lines[1])
        try #require(cells.count == table.columns.count + 1)
        #expect(cells[0] == name)
        for (cell, column) in zip(cells.dropFirst(), table.columns) where column.cell != "*" {
            #expect(cell == column.cell, "\(column.header)")
        }
    }

    @Test(arguments: CustomKind.allCases)
    func namesOfAKind(_ kind: CustomKind) async throws {
        let lab = try await ManifestLab.shared
        let name = ManifestLab.name("named")
        _ = try await lab.objects(kind).create(try lab.object(kind, name))
        let full = "\(kind.singular).spiderpool.spidernet.io/\(name)\n"
        for word in [kind.rawValue, kind.singular, kind.plural, kind.shortName] {
            let output = try await lab.kubectl("get", word, name, "-o", "name")
            #expect(output == full, "\(word)")
        }
        let all = try await lab.kubectl("get", "spiderpool", "--all-namespaces", "-o", "name")
        #expect(all.contains(full), "the category")
    }

    private static func words(_ line: some StringProtocol) -> [String] {
        line.split(whereSeparator: { $0 == " " }).map { String($0) }
    }
}
