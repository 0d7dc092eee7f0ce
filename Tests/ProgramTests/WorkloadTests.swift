import JSONTree
import Testing

/// What an administrator writes down about workloads decides like labels and annotations of a cluster.
@Suite struct WorkloadTests {
    static let workloads = #"""
        {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "WorkloadList",
         "node": {"labels": {"zone": "a"}},
         "namespaces": [{"name": "shop", "labels": {"team": "red"},
                         "annotations": {"ipam.spidernet.io/default-ipv4-ippool": "[\"b\"]"}}],
         "workloads": [
            {"match": {"podNamespace": "shop", "podName": "web"}, "labels": {"app": "web"},
             "annotations": {"ipam.spidernet.io/ippool": "{\"ipv4\": [\"a\"]}",
                             "ipam.spidernet.io/routes": "[{\"dst\": \"10.99.0.0/16\", \"gw\": \"10.6.0.7\"}]"}},
            {"match": {"podNamespace": "shop", "podName": "db"}, "identity": "db"}]}
        """#

    let host: Host
    let configuration: JSONValue

    init() throws {
        host = try Host()
        host.folder.write(Self.workloads, to: "workloads.json")
        configuration = host.configuration([
            "default_ipv4_ippool": ["nope"], "workloads": .string(host.folder.path("workloads.json")),
        ])
    }

    static func pod(_ name: String, in namespace: String = "shop", uid: String? = nil) -> String {
        "K8S_POD_NAMESPACE=\(namespace);K8S_POD_NAME=\(name);K8S_POD_UID=\(uid ?? "uid-\(name)")"
    }

    @Test func annotationsGoBeforeNamespacesBeforeTheConfiguration() throws {
        let web = try host.run("ADD", configuration, container: "c1", arguments: Self.pod("web"))
        #expect(web.document?["ips"]?.arrayValue?.first?["address"] == "10.6.168.101/16", "\(web.refusal)")
        #expect(
            web.document?["routes"] == [
                ["dst": "172.20.0.0/16", "gw": "10.6.0.254"], ["dst": "10.99.0.0/16", "gw": "10.6.0.7"],
                ["dst": "0.0.0.0/0", "gw": "10.6.0.1"],
            ])
        #expect(try host.add(configuration, container: "c2", arguments: Self.pod("other")) == ["10.6.168.201/16"])
        let elsewhere = try host.run("ADD", configuration, container: "c3", arguments: Self.pod("x", in: "bank"))
        #expect(elsewhere.refusal.contains("no such IPPool nope"))
    }

    @Test func explainReadsTheSameFile() throws {
        let file = host.folder.path("workloads.json")
        let web = try host.control(
            "explain", "--workloads", file, "--namespace", "shop", "--pod", "web", "--ipv4-pool", "nope")
        #expect(web.status == 0)
        #expect(web.output.contains("pools named by the Pod annotation"))
        #expect(web.output.contains("An ADD would answer 10.6.168.101 from a."))
        #expect(web.output.contains("  the CNI configuration: not considered"))
        host.folder.write(
            Self.workloads.replacing(#"{\"ipv4\": [\"a\"]}"#, with: #"{\"ipv4\": [\"a\", \"a\"]}"#), to: "w.json")
        let twice = try host.control(
            "explain", "--workloads", host.folder.path("w.json"), "--namespace", "shop", "--pod", "web")
        #expect(twice.status == 1)
        #expect(twice.output.contains("An ADD would be refused: wrong input, duplicate IPPool a"))
    }

    @Test func conditionsOnLabelsAreComparedWithTheFile() throws {
        let bound = Host.pools.replacing(
            "gateway: 10.6.0.1",
            with: """
                gateway: 10.6.0.1
                  podAffinity: {matchLabels: {app: web}}
                  namespaceAffinity: {matchExpressions: [{key: team, operator: In, values: [red, blue]}]}
                  nodeAffinity: {matchLabels: {zone: a}}
                """)
        let applied = try host.control("apply", "-f", "-", input: bound)
        #expect(applied.status == 0, "\(applied.diagnostics)")
        #expect(try host.add(configuration, container: "c1", arguments: Self.pod("web")) == ["10.6.168.101/16"])
        let plain = host.configuration(["default_ipv4_ippool": ["a"]])
        let unknown = try host.run("ADD", plain, container: "c2", arguments: Self.pod("web", uid: "u2"))
        #expect(unknown.refusal.contains("unmatched Node affinity of IPPool a"))
    }

    @Test func anIdentityInTheFileKeepsTheAddress() throws {
        let first = try host.add(configuration, container: "c1", arguments: Self.pod("db", uid: "u1"))
        #expect(try host.run("DEL", configuration, container: "c1", arguments: Self.pod("db", uid: "u1")).status == 0)
        _ = try host.add(configuration, container: "c2", arguments: Self.pod("other"))
        #expect(try host.add(configuration, container: "c3", arguments: Self.pod("db", uid: "u3")) == first)
    }

    @Test func mistakesAreNamedAndNothingIsClaimed() throws {
        let wrong = Self.workloads.replacing(#"{\"ipv4\": [\"a\"]}"#, with: "[1]")
        host.folder.write(wrong, to: "workloads.json")
        let annotation = try host.run("ADD", configuration, arguments: Self.pod("web"))
        #expect(annotation.refusal.contains("wrong input, invalid format of Pod annotation 'ipam.spidernet.io/ippool'"))
        #expect(annotation.document?["code"] == 7)
        // Only the workload concerned is refused; an administrator can see why, before and after.
        let explained = try host.control(
            "explain", "--workloads", host.folder.path("workloads.json"), "--namespace", "shop", "--pod", "web")
        #expect(explained.status == 1)
        #expect(
            explained.output == "An ADD would be refused: \(annotation.document?["details"]?.stringValue ?? "")\n")
        let checked = try host.control("check", "--workloads", host.folder.path("workloads.json"))
        #expect(checked.status == 1)
        #expect(checked.output.contains("workloads[0].annotations: Invalid value: wrong input"))
        #expect(try host.add(configuration, container: "c9", arguments: Self.pod("other")) == ["10.6.168.201/16"])
        #expect(host.folder.read("log/plugin.log").contains("mistakes in the workload file"))
        #expect(try host.run("DEL", configuration, container: "c9").status == 0)
        for (text, fragment) in [
            ("{", "cannot decode the workload file"), (#"{"kind": "WorkloadList", "workloads": 1}"#, "workloads"),
            ("[]", "invalid workload file"),
        ] {
            host.folder.write(text, to: "workloads.json")
            let outcome = try host.run("ADD", configuration, arguments: Self.pod("web"))
            #expect(outcome.status == 1)
            #expect(outcome.refusal.contains(fragment), "\(outcome.refusal)")
            #expect(outcome.refusal.contains(host.folder.path("workloads.json")))
        }
        let missing = host.configuration(["workloads": "/nowhere/workloads.json"])
        #expect(try host.run("ADD", missing).refusal.contains("/nowhere/workloads.json does not exist"))
        #expect(try host.claims() == [])
        // What was given is taken back whatever the file says.
        #expect(try host.run("DEL", missing).status == 0)
    }
}
