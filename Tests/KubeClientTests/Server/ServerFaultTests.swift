import IPAMCore
import JSONTree
import KubeClient
import TestSupport
import Testing

/// What happens to watches when the server fails; each test has a server of its own to harm.
@Suite(.serialized) struct ServerFaultTests {
    private static func value(_ object: RawObject) -> String? { object.json["data"]?["k"]?.stringValue }

    private func withServer(_ body: (ControlPlane, KubeClient) async throws -> Void) async throws {
        let plane = try await ControlPlane.start()
        do {
            try await Server.withClient(plane) {
                $0.watchTimeout = .seconds(10)
            } _: { client in
                try await body(plane, client)
            }
        } catch {
            await plane.stop()
            throw error
        }
        await plane.stop()
    }

    @Test func anOldVersionIsExpired() async throws {
        try await withServer { plane, client in
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
    }

    @Test func aCacheSurvivesWhatHappensToServers() async throws {
        try await withServer { plane, client in
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

            // A server that stands still shows in the age of what it said last.
            await plane.freeze()
            try await eventually("the silence is noticed") {
                (cache.age ?? .zero) > .seconds(4)
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
    }
}
