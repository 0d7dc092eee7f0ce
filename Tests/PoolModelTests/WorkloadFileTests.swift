import IPAMCore
import JSONTree
import PoolModel
import Testing

struct WrongWorkloadRow: Sendable, CustomTestStringConvertible {
    /// Members of the file besides version and kind.
    let members: String
    let error: String
    var testDescription: String { members }
}

@Suite struct WorkloadFileTests {
    static func file(_ members: String) throws -> WorkloadFile {
        let head = #""apiVersion": "\#(ResourceKind.apiVersion)", "kind": "WorkloadList""#
        return try WorkloadFile(tree: JSONValue(parsing: "{\(head)\(members.isEmpty ? "" : ", ")\(members)}"))
    }

    static let sample = #"""
        "node": {"labels": {"zone": "a"}},
        "namespaces": [{"name": "shop", "labels": {"team": "red"},
            "annotations": {"ipam.spidernet.io/default-ipv4-ippool": "[\"rack-*\"]"}}],
        "workloads": [
            {"match": {"name": "db"}, "identity": "any-db"},
            {"match": {"network": "lan", "name": "db"}, "identity": "db", "namespace": "shop"},
            {"match": {"podName": "web-0"}, "labels": {"app": "other"}},
            {"match": {"podNamespace": "shop", "podName": "web-0"}, "identity": "web-0", "labels": {"app": "web"},
             "annotations": {"ipam.spidernet.io/ippool": "{\"ipv4\":[\"rack-a\"]}"}},
            {"match": {"containerID": "0123456789ab"}, "identity": "short"},
            {"match": {"containerID": "0123456789abcdef"}, "identity": "long"}
        ]
        """#

    @Test("the entry that says most counts")
    func lookup() throws {
        let file = try Self.file(Self.sample)
        func identity(_ key: WorkloadKey) -> String? { file.facts(for: key)?.identity }
        #expect(identity(WorkloadKey(containerID: "x", network: "wan", name: "db")) == "any-db")
        #expect(identity(WorkloadKey(containerID: "x", network: "lan", name: "db")) == "db")
        #expect(
            identity(
                WorkloadKey(containerID: "x", network: "lan", podNamespace: "shop", podName: "web-0", name: "db"))
                == "web-0")
        #expect(
            file.facts(
                for: WorkloadKey(containerID: "x", network: "lan", podNamespace: "b", podName: "web-0", name: "db"))?
                .labels == ["app": "other"])
        #expect(identity(WorkloadKey(containerID: "0123456789abff", network: "lan", name: "db")) == "short")
        #expect(identity(WorkloadKey(containerID: "0123456789abcdef00", network: "lan")) == "long")
        let nobody = file.facts(for: WorkloadKey(containerID: "x", network: "lan", podNamespace: "", name: ""))
        #expect(nobody?.identity == nil)
        #expect(nobody?.labels == nil)
        #expect(nobody?.nodeLabels == ["zone": "a"])
        #expect(try Self.file("").facts(for: WorkloadKey(containerID: "x", network: "lan")) == nil)
    }

    @Test("what runtime and file say is merged, the file counts")
    func merge() throws {
        let file = try Self.file(Self.sample)
        let call = WorkloadCall(
            key: WorkloadKey(containerID: "x", network: "lan", podNamespace: "shop", podName: "web-0"),
            interface: "eth0", nodeName: "n1", labels: ["app": "runtime", "tier": "front"],
            annotations: ["a": "1", AnnotationKey.pool: "{}"])
        let profile = WorkloadProfile(call, facts: file.facts(for: call.key))
        #expect(profile.identity == "web-0")
        #expect(profile.facts.podLabels == ["app": "web", "tier": "front"])
        #expect(profile.facts.namespaceName == "shop")
        #expect(profile.facts.namespaceLabels == ["team": "red"])
        #expect(profile.facts.nodeName == "n1")
        #expect(profile.facts.nodeLabels == ["zone": "a"])
        #expect(profile.facts.networkAttachment == NetworkAttachment(name: "lan"))
        #expect(profile.pod.values["a"] == "1")
        #expect(try profile.pod.pool()?.names == [.ipv4: ["rack-a"]])
        #expect(try profile.namespace.defaultPools() == [.ipv4: ["rack-*"]])

        let named = WorkloadCall(
            key: WorkloadKey(containerID: "x", network: "lan", podNamespace: "db", podName: "db", name: "db"),
            interface: "net1", annotations: [AnnotationKey.networks: "mv1"])
        let moved = WorkloadProfile(named, facts: file.facts(for: named.key))
        #expect(moved.facts.namespaceName == "shop")
        #expect(moved.facts.networkAttachment == NetworkAttachment(namespace: "shop", name: "mv1"))
        #expect(moved.facts.podLabels == [:])

        let alone = WorkloadProfile(named, facts: nil)
        #expect(alone.identity == "db")
        #expect(alone.facts.podLabels == nil)
        #expect(alone.facts.namespaceLabels == nil)
        #expect(alone.facts.namespaceName == "db")
    }

    @Test("from the file to the candidates")
    func endToEnd() throws {
        let file = try Self.file(Self.sample)
        let pools = try [
            pool("rack-a", #"{"subnet": "10.0.0.0/24", "nodeAffinity": {"matchLabels": {"zone": "a"}}}"#),
            pool("rack-b", #"{"subnet": "10.0.0.0/24", "podAffinity": {"matchLabels": {"app": "web"}}}"#),
        ]
        func candidates(_ key: WorkloadKey) throws -> [String] {
            let call = WorkloadCall(key: key, interface: "eth0")
            let profile = WorkloadProfile(call, facts: file.facts(for: key))
            let plan = try PoolPlan(
                PoolInstructions(interface: call.interface, pod: profile.pod, namespace: profile.namespace))
            let choices = try PoolSelection(plan.request, facts: profile.facts, pools: pools).outcome.get()
            return choices.flatMap { $0.candidates.map(\.name) }
        }
        #expect(
            try candidates(WorkloadKey(containerID: "x", network: "lan", podNamespace: "shop", podName: "web-0"))
                == ["rack-a"])
        #expect(try candidates(WorkloadKey(containerID: "x", network: "lan", podNamespace: "shop")) == ["rack-a"])
        #expect(throws: PoolSelectionError.self) { try candidates(WorkloadKey(containerID: "x", network: "lan")) }
    }

    static let wrong: [WrongWorkloadRow] = [
        WrongWorkloadRow(members: #""node": []"#, error: "node: Invalid value"),
        WrongWorkloadRow(members: #""node": {"label": {}}"#, error: #"node.label: Forbidden: unknown field; did you"#),
        WrongWorkloadRow(members: #""node": {"labels": {"a b": "x"}}"#, error: #"node.labels[a b]: Invalid value"#),
        WrongWorkloadRow(members: #""node": {"labels": {"a": "x y"}}"#, error: #"node.labels.a: Invalid value: "x y""#),
        WrongWorkloadRow(members: #""nodes": {}"#, error: #"nodes: Forbidden: unknown field; did you mean "node"?"#),
        WrongWorkloadRow(members: #""namespaces": {}"#, error: "namespaces: Invalid value"),
        WrongWorkloadRow(members: #""namespaces": [{}]"#, error: "namespaces[0].name: Required value"),
        WrongWorkloadRow(members: #""namespaces": [{"name": ""}]"#, error: "namespaces[0].name: Required value"),
        WrongWorkloadRow(
            members: #""namespaces": [{"name": "a"}, {"name": "a"}]"#,
            error: #"namespaces[1].name: Duplicate value: "a""#),
        WrongWorkloadRow(
            members: #""namespaces": [{"name": "a", "annotations": {"ipam.spidernet.io/default-ipv6-ippool": "x"}}]"#,
            error: "namespaces[0].annotations: Invalid value: wrong input, invalid format of Namespace annotation"),
        WrongWorkloadRow(members: #""workloads": [5]"#, error: "workloads[0]: Invalid value"),
        WrongWorkloadRow(members: #""workloads": [{}]"#, error: "workloads[0].match: Required value"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {}}]"#, error: "workloads[0].match: Invalid value: must hold"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"podNamespace": "a"}}]"#,
            error: "workloads[0].match: Invalid value: must"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"podName": "a", "name": "b"}}]"#,
            error: "workloads[0].match: Invalid value: must hold exactly one"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": ""}}]"#,
            error: #"workloads[0].match.name: Invalid value: "": must"#),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"containerID": "0123"}}]"#,
            error: #"workloads[0].match.containerID: Invalid value: "0123": too short"#),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"pod": "a"}}]"#,
            error: #"workloads[0].match.pod: Forbidden: unknown field"#),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": "a"}}, {"match": {"name": "a"}}]"#,
            error: "workloads[1].match: Duplicate value: workloads[0] is about the same workloads"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": "a"}, "identity": 5}]"#,
            error: #"workloads[0].identity: Invalid value: "5": expected a string"#),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": "a"}, "namespace": ""}]"#,
            error: "workloads[0].namespace: Invalid"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": "a"}, "labels": {"a": 1}}]"#,
            error: "workloads[0].labels.a: Invalid value"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": "a"}, "annotations": {"-": "x"}}]"#,
            error: "workloads[0].annotations.-: Invalid value"),
        WrongWorkloadRow(
            members: #""workloads": [{"match": {"name": "a"}, "annotations": {"ipam.spidernet.io/routes": "x"}}]"#,
            error: "workloads[0].annotations: Invalid value: wrong input, invalid format of Pod annotation"),
    ]

    @Test("mistakes, one at a time", arguments: wrong)
    func mistakes(row: WrongWorkloadRow) throws {
        let errors: [FieldError]
        do {
            errors = try Self.file(row.members).problems
        } catch let error as InvalidResource {
            errors = error.errors
        }
        #expect(errors.count == 1, "\(errors)")
        #expect(errors.first?.description.hasPrefix(row.error) == true, "\(errors)")
    }

    @Test("a mistake concerns those whom the entry is about")
    func concerned() throws {
        let file = try Self.file(
            #"""
            "node": {"labels": {"a b": "x"}},
            "namespaces": [{"name": "shop", "labels": {"a": 1}}, {"name": "bank", "labels": {"a": "b"}}],
            "workloads": [{"match": {"podName": "x"}, "annotations": {"ipam.spidernet.io/ippool": "x"}},
                          {"match": {"podName": "y"}, "identity": "y"}, {"match": {"pod": "z"}},
                          {"match": {"podName": "w"}}, {"match": {"podName": "w"}}]
            """#)
        func problems(_ pod: String, in namespace: String = "bank") -> [String] {
            let key = WorkloadKey(containerID: "c", network: "lan", podNamespace: namespace, podName: pod)
            return file.facts(for: key)?.problems.map(\.path.description) ?? []
        }
        #expect(problems("x") == ["workloads[0].annotations"])
        #expect(problems("y") == [])
        #expect(problems("z") == [])
        #expect(problems("w") == ["workloads[4].match"])
        #expect(problems("y", in: "shop") == ["namespaces[0].labels.a"])
        #expect(file.nodeLabels == nil)
        #expect(
            file.problems.map(\.path.description) == [
                "node.labels[a b]", "namespaces[0].labels.a", "workloads[0].annotations", "workloads[2].match.pod",
                "workloads[4].match",
            ])
    }

    @Test("mistakes of the whole, and several at once")
    func head() throws {
        for text in ["[]", "null", "{}", #"{"apiVersion": "v1", "kind": "WorkloadList"}"#] {
            #expect(throws: InvalidResource.self) { try WorkloadFile(tree: JSONValue(parsing: text)) }
        }
        let error = try #require(throws: InvalidResource.self) {
            try Self.file(#""node": 5, "workloads": {}, "x": 1"#)
        }
        #expect(error.errors.map(\.path.description) == ["x", "node", "workloads"])
        let file = try Self.file(#""workloads": [{"match": {"name": 1}, "x": 1}, {}]"#)
        #expect(
            file.problems.map(\.path.description) == [
                "workloads[0].x", "workloads[0].match.name", "workloads[1].match",
            ])
    }

    @Test("random changes of a right file are read or refused, never more", arguments: [1, 2] as [UInt64])
    func mutations(seed: UInt64) throws {
        var random = TestRandom(state: seed)
        let head = #"{"apiVersion":"\#(ResourceKind.apiVersion)","kind":"WorkloadList","#
        let sample = Array("\(head)\(Self.sample)}".utf8)
        let pieces = ["null", "5", "{}", "[]", #""""#, "true", #""a b""#, #"{"name":"a"}"#]
        var readable = 0
        for _ in 0..<2_000 {
            // A value is replaced: what follows a colon up to the next comma or bracket.
            var bytes = sample
            let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
            guard let colon = colons.randomElement(using: &random) else { continue }
            let end = bytes[(colon + 1)...].firstIndex { ",]}".utf8.contains($0) } ?? bytes.endIndex
            bytes.replaceSubrange((colon + 1)..<end, with: (pieces.randomElement(using: &random) ?? "").utf8)
            guard let tree = try? JSONValue(parsing: bytes.span) else { continue }
            readable += 1
            do throws(InvalidResource) {
                let file = try WorkloadFile(tree: tree)
                _ = file.facts(for: WorkloadKey(containerID: "0123456789abcdef", network: "lan", name: "db"))
            } catch {
                #expect(!error.errors.isEmpty, "seed \(seed)")
            }
        }
        #expect(readable > 500, "seed \(seed)")
    }
}
