import IPAMCore
import JSONTree
import KubeClient
import Logging
import TestSupport
import Testing

@Suite struct WatchTests {
    private static func value(_ object: RawObject) -> String? { object.json["data"]?["k"]?.stringValue }

    @Test func eventsInOrder() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            let start = try await maps.list().resourceVersion
            _ = try await maps.create(try Server.map("a", ["k": "1"]))
            _ = try await maps.patch("a", .merge(["data": ["k": "2"]]))
            try await maps.delete("a")
            var seen: [String] = []
            for try await event in maps.watch(ListQuery(fields: "metadata.name=a"), from: start) {
                switch event {
                case .added(let object): seen.append("added \(Self.value(object) ?? "")")
                case .modified(let object): seen.append("modified \(Self.value(object) ?? "")")
                case .deleted(let object): seen.append("deleted \(Self.value(object) ?? "")")
                case .bookmark: continue
                }
                if seen.count == 3 { break }
            }
            #expect(seen == ["added 1", "modified 2", "deleted 2"])
        }
    }

    @Test func aWatchGoesOnWhenItsConnectionEnds() async throws {
        try await Server.withClient(ControlPlane.shared) {
            $0.watchTimeout = .seconds(2)
        } _: { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            let start = try await maps.list().resourceVersion
            async let writes: Void = {
                for number in 0..<8 {
                    _ = try await maps.create(try Server.map("m\(number)", [:]))
                    try await Task.sleep(for: .milliseconds(500))  // proof: the watch is to end in between
                }
            }()
            var names: [String] = []
            for try await event in maps.watch(from: start) {
                if case .added(let object) = event, object.metadata.name.hasPrefix("m") {
                    names.append(object.metadata.name)
                }
                if names.count == 8 { break }
            }
            try await writes
            #expect(names == (0..<8).map { "m\($0)" })
        }
    }

    @Test func changesAreTold() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            _ = try await maps.create(try Server.map("a", ["k": "1"], labels: ["mine": "yes"]))
            let cache = Reflector(
                client.metadata(of: Server.maps, namespace: maps.namespace), query: ListQuery(labels: "mine=yes")
            ) {
                (object: PartialObject) in object.metadata.annotations["v"] ?? "none"
            }
            let running = Task { await cache.run() }
            defer { running.cancel() }
            let key = ObjectKey(namespace: maps.namespace, name: "a")
            var changes = cache.changes().makeAsyncIterator()
            #expect(await changes.next() == .added(key, "none"))
            _ = try await maps.patch("a", .merge(["metadata": ["annotations": ["v": "x"]]]))
            #expect(await changes.next() == .updated(key, old: "none", new: "x"))
            // Nothing that is kept changes.
            _ = try await maps.patch("a", .merge(["data": ["k": "2"]]))
            try await maps.delete("a")
            #expect(await changes.next() == .removed(key, old: "x"))
        }
    }

    @Test func whatIsNotAllowedIsSaid() async throws {
        let plane = try await ControlPlane.shared
        let path = try plane.writeKubeconfig(for: ControlPlane.guest)
        let client = try KubeClient(.kubeconfig(files: [path]), logger: Logger(label: "test"))
        let cache = Reflector(client.resource(Node.self)) { (node: Node) in node.metadata.name }
        let running = Task { await cache.run() }
        let error = try await Server.error { () async throws(KubeError) in
            try await cache.waitUntilComplete(deadline: .now + .seconds(3))
        }
        #expect(error.code == .forbidden)
        #expect(error.description.contains("ClusterRole"))
        // A grant that comes later is enough.
        let grant = try await plane.kubectl([
            "create", "clusterrolebinding", "g", "--clusterrole=cluster-admin", "--user=guest",
        ])
        #expect(grant.status == 0)
        try await cache.waitUntilComplete(deadline: .now + .seconds(30))
        running.cancel()
        await client.shutdown()
    }
}
