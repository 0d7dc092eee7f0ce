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

    @Test func anOldVersionIsExpired() async throws {
        let plane = try await ControlPlane.start()
        try await Server.withClient(plane) { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            let start = try await maps.list().resourceVersion
            for number in 0..<5 { _ = try await maps.create(try Server.map("m\(number)", [:])) }
            try await plane.compact()
            try await plane.restartServer()
            let error = try await Server.error { () async throws(KubeError) in
                for try await _ in maps.watch(from: start) { return }
            }
            #expect(error.code == .expired, "\(error)")
        }
        await plane.stop()
    }

    @Test func aCacheSurvivesWhatHappensToServers() async throws {
        let plane = try await ControlPlane.start()
        try await Server.withClient(plane) {
            $0.watchTimeout = .seconds(10)
        } _: { client in
            let maps = client.resource(Server.maps, namespace: try await Server.namespace(client))
            let cache = Reflector(
                maps, query: ListQuery(labels: "mine=yes"), indices: [ReflectorIndex("value") { [$0] }]
            ) { (object: RawObject) in Self.value(object) }
            #expect(cache.age == nil)
            let running = Task { await cache.run() }
            defer { running.cancel() }
            func create(_ name: String, _ value: String) async throws {
                _ = try await maps.create(try Server.map(name, ["k": value], labels: ["mine": "yes"]))
            }
            func has(_ values: [String]) -> Bool { cache.values().sorted() == values }
            try await cache.waitUntilComplete(deadline: .now + .seconds(20))
            #expect(cache.count == 0)
            try await create("a", "1")
            try await create("b", "2")
            try await eventually("both are there") { has(["1", "2"]) }
            #expect(cache.keys(in: "value", "2") == [ObjectKey(namespace: maps.namespace, name: "b")])
            let backup = try await plane.backup()

            // The server goes and comes again.
            await plane.stopServer()
            try await eventually("the loss is noticed") { cache.lastError != nil }
            #expect(has(["1", "2"]))
            try await plane.restartServer()
            try await create("c", "3")
            try await maps.delete("a")
            try await eventually("what happened meanwhile is there") { has(["2", "3"]) }

            // A server that stands still is noticed, and replaced by one that does not.
            await plane.freeze()
            try await eventually("the silence is noticed") {
                cache.lastError != nil || (cache.age ?? .zero) > .seconds(12)
            }
            await plane.thaw()
            try await create("d", "4")
            try await eventually("it goes on") { has(["2", "3", "4"]) }

            // What was written after the backup never was.
            try await plane.restore(backup)
            try await eventually("the cache is what the storage is") { has(["1", "2"]) }
            try await create("e", "5")
            try await eventually("and hears what is new") { has(["1", "2", "5"]) }
        }
        await plane.stop()
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
        let plane = try await ControlPlane.start(users: [.init("guest", token: "guest-token")])
        let path = try plane.writeKubeconfig(for: .init("guest", token: "guest-token"))
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
        await plane.stop()
    }
}
