import IPAMCore
import JSONTree
import KubeClient
import Logging
import TestSupport
import Testing

@Suite struct VerbTests {
    @Test func everyVerb() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            let created = try await maps.create(try Server.map("a", ["k": "1"]))
            #expect(created.metadata.uid != nil)
            let twice = try await Server.error { () async throws(KubeError) in try await maps.create(created.fresh) }
            #expect(twice.code == .alreadyExists)

            let replaced = try await maps.replace(try created.with("2"))
            #expect(replaced.json["data"]?["k"] == "2")
            let stale = try await Server.error { () async throws(KubeError) in try await maps.replace(created) }
            #expect(stale.code == .conflict)

            let patched = try await maps.patch(
                "a", .json([.test("/data/k", "2"), .replace("/data/k", "3"), .add("/data/l", "x")]))
            #expect(patched.json["data"] == ["k": "3", "l": "x"])
            let refused = try await Server.error { () async throws(KubeError) in
                try await maps.patch("a", .json([.test("/data/k", "2"), .replace("/data/k", "9")]))
            }
            #expect(refused.code == .invalid)
            _ = try await maps.patch("a", .merge(["data": ["l": nil]]))
            let read = try await maps.get("a")
            #expect(read.json["data"] == ["k": "3"])

            let dry = try await maps.patch("a", .merge(["data": ["k": "9"]]), WriteOptions(isDryRun: true))
            #expect(dry.json["data"]?["k"] == "9")
            let kept = try await maps.get("a")
            #expect(kept.json["data"]?["k"] == "3")

            let wrong = try await Server.error { () async throws(KubeError) in
                try await maps.delete("a", Preconditions(uid: "other"))
            }
            #expect(wrong.code == .conflict)
            let old = try await Server.error { () async throws(KubeError) in
                try await maps.delete("a", Preconditions(exactly: created.metadata))
            }
            #expect(old.code == .conflict)
            try await maps.delete("a", Preconditions(exactly: read.metadata), propagation: .background)
            let gone = try await maps.find("a")
            #expect(gone == nil)
            let missing = try await Server.error { () async throws(KubeError) in try await maps.delete("a") }
            #expect(missing.code == .notFound)
            #expect(missing.name == "\(maps.namespace ?? "")/a")
        }
    }

    @Test func serverSideApply() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            func want(_ value: String) -> KubePatch {
                .apply([
                    "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": ["k": .string(value)],
                ])
            }
            _ = try await maps.patch("a", want("1"), WriteOptions(fieldManager: "one"))
            let conflict = try await Server.error { () async throws(KubeError) in
                try await maps.patch("a", want("2"), WriteOptions(fieldManager: "two"))
            }
            #expect(conflict.code == .conflict)
            #expect(conflict.causes.contains { $0.field.contains("data.k") })
            let forced = try await maps.patch("a", want("2"), WriteOptions(fieldManager: "two", forcesApply: true))
            #expect(forced.json["data"]?["k"] == "2")
            let nameless = try await Server.error { () async throws(KubeError) in try await maps.patch("a", want("2")) }
            #expect(nameless.code == .badRequest)
        }
    }

    @Test func status() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let namespace = try await Server.namespace(client)
            let pods = client.resource(Pod.self, namespace: namespace)
            let pod = try Pod(json: [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                "spec": ["nodeName": "n1", "containers": [["name": "c", "image": "i"]]],
            ])
            let created = try await pods.create(pod)
            #expect(created.nodeName == "n1")
            #expect(created.isAlive)
            let patched = try await pods.patch(
                "p",
                .merge([
                    "status": [
                        "phase": "Failed", "reason": "Evicted", "podIP": "10.0.0.9", "podIPs": [["ip": "10.0.0.9"]],
                    ]
                ]),
                subresource: "status")
            #expect(patched.podIPs == ["10.0.0.9"])
            #expect(!patched.isAlive)
            let replaced = try await pods.replace(patched, subresource: "status")
            #expect(replaced.phase == "Failed")
        }
    }

    @Test func pagesAndSelectors() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let namespace = try await Server.namespace(client)
            let maps = client.resource(Server.maps, namespace: namespace)
            for number in 0..<25 {
                _ = try await maps.create(
                    try Server.map(
                        "m\(number)", ["x": String(repeating: "y", count: 20_000)], labels: ["odd": "\(number % 2)"]))
            }
            let all = try await maps.list(ListQuery(limit: 7))
            #expect(all.items.filter { $0.metadata.name.hasPrefix("m") }.count == 25)
            // Large enough for the server to compress it.
            let whole = try await maps.list()
            #expect(whole.items.map(\.metadata.name) == all.items.map(\.metadata.name))
            let odd = try await maps.list(ListQuery(labels: "odd=1"))
            #expect(odd.items.count == 12)
            let one = try await maps.list(ListQuery(fields: "metadata.name=m3"))
            #expect(one.items.map(\.metadata.name) == ["m3"])
            let cached = try await maps.list(ListQuery(labels: "odd=1", resourceVersion: "0"))
            #expect(cached.items.count <= 12)

            let partial = try await client.metadata(of: Server.maps, namespace: namespace).list(
                ListQuery(labels: "odd=0", limit: 5))
            #expect(partial.items.count == 13)
            #expect(partial.items.allSatisfy { $0.metadata.labels["odd"] == "0" && $0.metadata.uid != nil })
            let single = try await client.metadata(of: Server.maps, namespace: namespace).get("m3")
            #expect(single.json["kind"] == "PartialObjectMetadata")
        }
    }

    @Test func invalidWithCauses() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let pods = client.resource(Pod.self, namespace: try await Server.namespace(client))
            let pod = try Pod(json: [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                "spec": ["restartPolicy": "Perhaps", "containers": []],
            ])
            let error = try await Server.error { () async throws(KubeError) in try await pods.create(pod) }
            #expect(error.code == .invalid)
            #expect(error.status == 422)
            #expect(Set(error.causes.map(\.field)).isSuperset(of: ["spec.containers", "spec.restartPolicy"]))
            #expect(!error.mayHaveBeenApplied)
        }
    }

    @Test func kindsThatAreNotThere() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let nothing = ResourceDefinition(
                group: "example.org", version: "v1", kind: "X", plural: "xs", isNamespaced: false)
            let error = try await Server.error { () async throws(KubeError) in try await client.resource(nothing).list()
            }
            #expect(error.code == .notFound)
            #expect(error.description.contains("list xs.example.org"))
        }
    }

    @Test func aClientCertificate() async throws {
        let plane = try await ControlPlane.shared
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "config",
            """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "\(plane.server)", certificate-authority: "\(plane.caPath)", tls-server-name: localhost}}]
            users: [{name: u, user: {client-certificate: "\(plane.folder)/client.crt", client-key: "\(plane.folder)/client.key"}}]
            """)
        let client = try KubeClient(.kubeconfig(files: [file]), logger: Logger(label: "test"))
        let version = try await client.version()
        #expect(version.hasPrefix("v"))
        let nodes = try await client.resource(Node.self).list()
        #expect(nodes.items.isEmpty)
        await client.shutdown()
    }

    struct Distrust: Sendable {
        let cluster: String
        let user: String
        let code: KubeError.Code
    }

    @Test(arguments: [
        Distrust(cluster: "certificate-authority: FOLDER/client.crt", user: "token: TOKEN", code: .untrusted),
        Distrust(cluster: "insecure-skip-tls-verify: false", user: "token: TOKEN", code: .untrusted),
        Distrust(cluster: "certificate-authority: CA", user: "token: nobody", code: .unauthorized),
        Distrust(cluster: "certificate-authority: CA", user: "{}", code: .forbidden),
    ])
    func distrust(_ row: Distrust) async throws {
        let plane = try await ControlPlane.shared
        let folder = try TemporaryFolder()
        func filled(_ text: String) -> String {
            text.replacing("CA", with: "\"\(plane.caPath)\"").replacing("FOLDER", with: plane.folder)
                .replacing("TOKEN", with: plane.token)
        }
        let file = try folder.write(
            "config",
            """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "\(plane.server)", \(filled(row.cluster))}}]
            users: [{name: u, user: \(row.user == "{}" ? "{}" : "{\(filled(row.user))}")}]
            """)
        let client = try KubeClient(.kubeconfig(files: [file]), logger: Logger(label: "test"))
        let error = try await Server.error { () async throws(KubeError) in try await client.resource(Node.self).list() }
        #expect(error.code == row.code, "\(error)")
        #expect(!error.description.contains(plane.token))
        await client.shutdown()
    }
}

extension RawObject {
    /// The object as it was before it was created.
    var fresh: RawObject {
        var json = json
        json["metadata"]?["resourceVersion"] = nil
        json["metadata"]?["uid"] = nil
        return (try? RawObject(json: json)) ?? self
    }

    /// The object with another value of `k`.
    func with(_ value: String) throws -> RawObject {
        var json = json
        json["data"]?["k"] = .string(value)
        return try RawObject(json: json)
    }
}
