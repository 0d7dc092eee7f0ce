import EmbeddedStore
import Glibc
import IPAMCore
import IPAMEngine
import Testing

@Suite struct EmbeddedStoreTests {
    static func pool(_ name: String, _ ranges: String...) throws -> PoolCandidate {
        PoolCandidate(pool: name, addresses: try AddressSet(parsing: ranges))
    }

    @Test func whatIsClaimedIsThereAfterReopening() throws {
        let folder = TemporaryFolder()
        let pools = [
            try Self.pool("v4", "10.0.0.1-10.0.0.9"), try Self.pool("v6", "fd00::1-fd00::ffff:ffff:ffff:ffff"),
        ]
        do {
            var store = try EmbeddedStore(creating: folder.store)
            #expect(try store.claim(request("a", from: pools)) == ["10.0.0.1", "fd00::1"])
        }
        var store = try EmbeddedStore(opening: folder.store)
        #expect(try store.claims().map(\.owner.uid) == ["a", "a"])
        #expect(try store.claim(request("a", from: pools)) == ["10.0.0.1", "fd00::1"])
        #expect(try store.claim(request("b", from: pools)) == ["10.0.0.2", "fd00::2"])
        #expect(try store.release("a") == ["10.0.0.1", "fd00::1"])
        #expect(try store.release("a") == [])
        #expect(try store.claims(of: Claim.Attachment(containerID: "b", interface: "eth0")).count == 2)
    }

    /// The file and the memory store are two implementations of the same questions: they must agree at every step.
    @Test(arguments: [UInt64(1), 2, 3]) func agreesWithTheMemoryStore(seed: UInt64) throws {
        let folder = TemporaryFolder()
        var random = SplitMix64(seed: seed)
        var store = try EmbeddedStore(creating: folder.store)
        var model = MemoryStore()
        let pools = [
            try Self.pool("a", "10.0.0.50-10.0.0.140", "10.0.2.0-10.0.2.3"),
            try Self.pool("b", "10.0.0.130-10.0.0.170"),
            try Self.pool("c", "fd00::30-fd00::90"),
        ]
        for step in 0..<400 {
            let uid = String(Int.random(in: 0..<120, using: &random))
            let now = Int64(step)
            if Int.random(in: 0..<5, using: &random) < 3 {
                let wanted = request(uid, at: now, from: [pools[Int.random(in: 0..<3, using: &random)]])
                var process = ClaimProcess(wanted)
                let expected = (try? model.run(&process))?.map(\.address.description)
                // Within one freshness the stores may prefer different blocks; they must agree on being able to serve.
                let got = try? store.claim(wanted)
                #expect((got == nil) == (expected == nil), "seed \(seed) step \(step)")
                if got != expected { try Self.align(&model, with: store) }
            } else {
                var process = ReleaseProcess(
                    Claim.Attachment(containerID: uid, interface: "eth0"), now: Timestamp(seconds: now))
                let expected = try model.run(&process).map(\.address.description)
                #expect(try store.release(uid, at: now) == expected, "seed \(seed) step \(step)")
            }
            let claims = try store.claims()
            #expect(Set(claims.map(\.address)).count == claims.count, "seed \(seed) step \(step)")
            #expect(claims.map(\.address) == model.claims.map(\.address), "seed \(seed) step \(step)")
        }
    }

    /// Makes the model hold what the store holds after the two chose different addresses of the same freshness.
    private static func align(_ model: inout MemoryStore, with store: borrowing EmbeddedStore) throws {
        model = try MemoryStore(copying: store.blocks())
    }

    /// Whoever selected before a manifest changed claims from what the pool was; that must hide nothing from the others.
    @Test func aSelectionFromBeforeLeavesNoWrongCursorBehind() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let (today, before) = (try Self.pool("p", "10.0.0.0-10.0.0.2"), try Self.pool("p", "10.0.0.2"))
        #expect(try store.claim(request("a", from: [before])) == ["10.0.0.2"])
        // This finds nothing and remembers that.
        #expect(throws: (any Error).self) { try store.claim(request("b", from: [before])) }
        #expect(try store.claim(request("c", from: [today])) == ["10.0.0.0"])
        #expect(throws: (any Error).self) { try store.claim(request("b", from: [before])) }
        #expect(try store.claim(request("d", from: [today])) == ["10.0.0.1"])
    }

    @Test func manyConnectionsNeverGetOneAddressTwice() async throws {
        let folder = TemporaryFolder()
        let path = folder.store
        let pool = try Self.pool("p", "10.0.0.0-10.0.0.199")
        _ = try EmbeddedStore(creating: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for index in 0..<25 {
                        var store = try EmbeddedStore(opening: path)
                        _ = try store.claim(request("\(worker)-\(index)", from: [pool]))
                    }
                }
            }
            try await group.waitForAll()
        }
        let claims = try EmbeddedStore(opening: path).claims()
        #expect(claims.count == 200)
        #expect(Set(claims.map(\.address)).count == 200)
        #expect(Set(claims.map(\.owner.uid)).count == 200)
    }

    @Test func aProcessThatDiesInsideATransactionLeavesNothing() async throws {
        let folder = TemporaryFolder()
        let path = folder.store
        let pool = try Self.pool("p", "10.0.0.0-10.0.0.9")
        var store = try EmbeddedStore(creating: path)
        _ = try store.claim(request("a", from: [pool]))
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let pool = try EmbeddedStoreTests.pool("p", "10.0.0.0-10.0.0.9")
            var store = try EmbeddedStore(opening: path)
            try store.transaction(durably: false) { store throws(EngineFailure<StoreError>) in
                var process = ClaimProcess(request("b", from: [pool]))
                _ = try store.run(&process)
                kill(getpid(), SIGKILL)
            }
        }
        #expect(try store.claims().map(\.owner.uid) == ["a"])
        #expect(try store.claim(request("c", from: [pool])) == ["10.0.0.1"])
    }

    @Test func aRebootEndsWhatItMadeVoid() throws {
        let folder = TemporaryFolder()
        let pool = try Self.pool("p", "10.0.0.0-10.0.0.9")
        var store = try EmbeddedStore(creating: folder.store)
        func drop(_ bootID: String) throws -> [String] {
            try store.transaction(durably: false) { store throws(StoreError) in
                try store.dropVoidClaims(bootID: bootID, now: Timestamp(seconds: 0))
            }.map(\.owner.uid)
        }
        #expect(try drop("boot-1") == [])
        _ = try store.claim(request("plain", bootID: "boot-1", from: [pool]))
        _ = try store.claim(request("lasting", from: [pool]))
        #expect(try drop("boot-1") == [])
        #expect(try drop("boot-2") == ["plain"])
        #expect(try drop("boot-2") == [])
        #expect(try store.claims().map(\.owner.uid) == ["lasting"])
    }

    @Test func aRefusedTransactionChangesNothing() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        struct Refusal: Error {}
        #expect(throws: TransactionFailure<Refusal>.self) {
            try store.transaction(durably: true) { store throws(Refusal) in
                let resource = StoredResource(
                    kind: "SpiderIPPool", name: "a", family: .ipv4, isDefault: true, body: "{}")
                do { try store.put(resource) } catch { throw Refusal() }
                throw Refusal()
            }
        }
        #expect(try store.resources(ofKind: "SpiderIPPool").isEmpty)
    }

    @Test func resourcesKeepTheirContent() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let resources = ["b", "a", "c"].map {
            StoredResource(
                kind: "SpiderIPPool", name: $0, family: .ipv6, isDefault: $0 != "b", body: "{\"n\":\"\($0) ü\"}")
        }
        try store.transaction(durably: true) { store throws(StoreError) in
            for resource in resources { try store.put(resource) }
        }
        let sorted = resources.sorted { $0.name < $1.name }
        #expect(try store.resources(ofKind: "SpiderIPPool") == sorted)
        #expect(try store.resources(ofKind: "SpiderIPPool", named: ["c", "missing"]) == [sorted[2]])
        #expect(try store.defaultResources(ofKind: "SpiderIPPool") == [sorted[0], sorted[2]])
        #expect(try store.resources(ofKind: "SpiderReservedIP").isEmpty)
        try store.transaction(durably: true) { store throws(StoreError) in
            try store.remove(kind: "SpiderIPPool", name: "a")
        }
        #expect(try store.resources(ofKind: "SpiderIPPool").map(\.name) == ["b", "c"])
    }
}
