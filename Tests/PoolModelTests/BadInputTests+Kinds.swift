import JSONTree
import PoolModel

extension BadInputTests {
    static let kinds = [pool, reservation, block, workloads]

    static let head = #""apiVersion": "spiderpool.spidernet.io/v2beta1""#

    /// Wrong values of what every manifest begins with.
    private static let common: [String: String?] = ["apiVersion": #""v1""#, "kind": #""Pod""#]

    private static let affinity =
        #"{"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}"#

    private static func affinity(at field: String) -> [String: String?] {
        [
            "\(field).matchExpressions": #"[{"key": "a", "operator": "In"}]"#,
            "\(field).matchExpressions.key": #""a b""#, "\(field).matchExpressions.operator": #""Is""#,
            "\(field).matchExpressions.values": #"["x y"]"#,
        ]
    }

    private static let pool = BadInputKind(
        name: "SpiderIPPool",
        complete: """
            {\(head), "kind": "SpiderIPPool", "metadata": {"name": "a"}, "spec": {
              "ipVersion": 4, "subnet": "10.6.0.0/16", "ips": ["10.6.0.10"], "excludeIPs": ["10.6.0.11"],
              "gateway": "10.6.0.1", "routes": [{"dst": "10.9.0.0/16", "gw": "10.6.0.2"}],
              "podAffinity": \(affinity), "namespaceAffinity": \(affinity), "namespaceName": ["n"],
              "nodeAffinity": \(affinity), "nodeName": ["n"], "multusName": ["a/b"], "default": true, "disable": false}}
            """,
        wrong: common.merging([
            "spec.ipVersion": "5", "spec.subnet": #""10.6.0.1/16""#, "spec.ips": #"["10.7.0.1"]"#,
            "spec.excludeIPs": #"["10.7.0.1"]"#, "spec.gateway": #""10.7.0.1""#,
            "spec.routes": #"[{"dst": "x", "gw": "10.6.0.2"}]"#,
            "spec.routes.dst": #""10.9.0.0""#, "spec.routes.gw": #""10.7.0.1""#, "spec.namespaceName": nil,
            "spec.nodeName": nil, "spec.multusName": nil, "spec.default": nil, "spec.disable": nil,
        ]) { $1 }.merging(affinity(at: "spec.podAffinity")) { $1 }.merging(affinity(at: "spec.namespaceAffinity")) {
            $1
        }
        .merging(affinity(at: "spec.nodeAffinity")) { $1 },
        errors: { tree in
            do throws(InvalidResource) {
                return try SpiderIPPool(tree: tree).defaulted().validateCreation(among: [])
            } catch { return error.errors }
        })

    private static let reservation = BadInputKind(
        name: "SpiderReservedIP",
        complete: """
            {\(head), "kind": "SpiderReservedIP", "metadata": {"name": "r"},
             "spec": {"ipVersion": 4, "ips": ["10.6.0.10"]}}
            """,
        wrong: common.merging(["spec.ipVersion": "5", "spec.ips": #"["10.6.0.9-10.6.0.1"]"#]) { $1 },
        errors: { tree in
            do throws(InvalidResource) {
                return try SpiderReservedIP(tree: tree).defaulted().validateCreation()
            } catch { return error.errors }
        })

    private static let block = BadInputKind(
        name: "SpiderIPBlock",
        complete: """
            {\(head), "kind": "SpiderIPBlock", "metadata": {"name": "v4-10-6-0-0"}, "spec": {
              "cidr": "10.6.0.0/26", "sequence": 3, "write": "00000000000000ab", "node": "n2",
              "claims": [{"ip": "10.6.0.1", "pool": "a", "ns": "n", "name": "w", "uid": "u", "owner": "ReplicaSet/w",
                "nic": "net1", "container": "c", "network": "lan", "node": "n1", "boot": "b", "state": "retained",
                "fixed": true, "seq": 2, "since": "2026-01-31T12:00:00.000Z"}],
              "rests": [{"ip": "10.6.0.2", "reason": "cooling", "since": "2026-01-31T12:00:00Z",
                "until": "2026-01-31T12:00:30Z", "mac": "0a:1b:2c:3d:4e:5f"}]}}
            """,
        wrong: common.merging([
            "spec.cidr": #""10.6.0.0/25""#, "spec.sequence": "-1", "spec.write": #""xyz""#,
            "spec.node": #""a\n""#, "spec.claims": nil, "spec.rests": nil,
            "spec.claims.ip": #""10.6.0.64""#, "spec.claims.pool": #""""#, "spec.claims.ns": #""a\u0000""#,
            "spec.claims.name": #""a\n""#, "spec.claims.uid": #""""#, "spec.claims.owner": #""web""#,
            "spec.claims.nic": #""a/b""#, "spec.claims.container": #""-c""#, "spec.claims.network": #""a\n""#,
            "spec.claims.node": #""a\n""#, "spec.claims.boot": #""a\n""#, "spec.claims.state": #""lost""#,
            "spec.claims.fixed": nil, "spec.claims.seq": "4", "spec.claims.since": #""yesterday""#,
            "spec.rests.ip": #""10.6.0.1""#, "spec.rests.reason": #""tired""#, "spec.rests.since": #""""#,
            "spec.rests.until": #""2026-13-31T12:00:30Z""#, "spec.rests.mac": #""0a:1b""#,
        ]) { $1 },
        errors: { tree in
            do throws(InvalidResource) {
                _ = try SpiderIPBlock(tree: tree)
                return []
            } catch { return error.errors }
        })

    private static let workloads = BadInputKind(
        name: "WorkloadList",
        complete: """
            {\(head), "kind": "WorkloadList", "node": {"labels": {"a": "b"}},
             "namespaces": [{"name": "n", "labels": {"a": "b"}, "annotations": {"a": "b"}}],
             "workloads": [{"match": {"network": "lan", "name": "w"}, "identity": "w", "namespace": "n",
                "labels": {"a": "b"}, "annotations": {"a": "b"}}]}
            """,
        wrong: common.merging([
            "namespaces": #"[{"name": "n"}, {"name": "n"}]"#, "namespaces.name": #""""#,
            "workloads": #"[{"match": {"podNamespace": "x"}}]"#, "workloads.match.network": #""""#,
            "workloads.match.name": #""""#, "workloads.identity": #""""#, "workloads.namespace": #""""#,
        ]) { $1 },
        errors: { tree in
            do throws(InvalidResource) { return try WorkloadFile(tree: tree).problems } catch { return error.errors }
        })
}
