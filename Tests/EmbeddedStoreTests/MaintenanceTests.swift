import Glibc
import IPAMCore
import IPAMEngine
import PoolModel
import Testing

@testable import EmbeddedStore

@Suite struct MaintenanceTests {
    static let now = Timestamp(seconds: 1_000)

    /// A store with a pool, four claims, one of them released again.
    static func sample(_ folder: TemporaryFolder) throws -> EmbeddedStore {
        var store = try EmbeddedStore(creating: folder.store)
        _ = try store.apply([SpiderIPPool(named: "p", subnet: "10.0.0.0/24", ips: ["10.0.0.60-10.0.0.69"])], now: now)
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.60-10.0.0.69"]))
        for uid in ["a", "b", "c", "d"] { _ = try store.claim(request(uid, container: "sandbox-\(uid)", from: [pool])) }
        _ = try store.release("sandbox-b")
        return store
    }

    @Test func aHealthyFileHasNoFindings() throws {
        let folder = TemporaryFolder()
        var store = try Self.sample(folder)
        #expect(try store.check() == [])
        #expect(try store.repair(now: Self.now) == [])
        #expect(try store.check() == [])
        #expect(try store.claims().map(\.owner.uid) == ["a", "c", "d"])
    }

    /// Every way in which what follows from the blocks can be wrong is found, and mended without a loss.
    @Test(arguments: [
        "DELETE FROM owners WHERE owner = 'a'", "UPDATE owners SET owner = 'x' WHERE owner = 'sandbox-c'",
        "INSERT INTO owners SELECT 'ghost', interface, address, 1 FROM owners LIMIT 1",
        "UPDATE blocks SET touched = 0", "UPDATE blocks SET oldest_rest = NULL", "UPDATE blocks SET oldest_rest = 5",
        "UPDATE blocks SET version = -1", "UPDATE blocks SET rested_at = NULL",
    ])
    func inconsistenciesAreFoundAndMended(damage: String) throws {
        let folder = TemporaryFolder()
        var store = try Self.sample(folder)
        let before = try store.claims()
        try store.database.execute(damage)
        let findings = try store.check()
        #expect(!findings.isEmpty)
        #expect(findings.allSatisfy { $0.severity == .inconsistency })
        #expect(try store.repair(now: Self.now) == findings)
        #expect(try store.check() == [])
        #expect(try store.claims() == before)
        #expect(try store.release("sandbox-a") == ["10.0.0.60"])
    }

    @Test func anUnreadableBlockKeepsItsOwnersAndGivesNothingToOthers() throws {
        let folder = TemporaryFolder()
        var store = try Self.sample(folder)
        try store.database.execute("UPDATE blocks SET body = x'00' WHERE key = (SELECT min(key) FROM blocks)")
        #expect(try store.check().map(\.severity) == [.damage])
        _ = try store.repair(now: Self.now)
        #expect(try store.check() == [])
        // 60 … 63 are in the damaged block: a, b (released), c, d.
        #expect(
            try store.claims().map { "\($0.address) \($0.owner.uid) \($0.containerID) \($0.pool)" }
                == ["10.0.0.60 a sandbox-a p", "10.0.0.62 c sandbox-c p", "10.0.0.63 d sandbox-d p"])
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.60-10.0.0.69"]))
        #expect(try store.claim(request("c", container: "sandbox-c", at: 1_001, from: [pool])) == ["10.0.0.62"])
        // The address whose history was lost is not handed out before its quarantine is over.
        var given: [String] = []
        for index in 0..<6 { given += try store.claim(request("n\(index)", at: 1_001, from: [pool])) }
        #expect(!given.contains("10.0.0.61"))
        #expect(throws: (any Error).self) { try store.claim(request("late", at: 1_001, from: [pool])) }
        #expect(try store.claim(request("later", at: 1_600, from: [pool])) == ["10.0.0.61"])
        #expect(try store.release("sandbox-a") == ["10.0.0.60"])
    }

    /// The containers of a block that was made anew end with a reboot like all others, and so must their claims.
    @Test func aRebootEndsTheClaimsOfAnUnreadableBlock() throws {
        let folder = TemporaryFolder()
        var store = try Self.sample(folder)
        try store.database.execute("UPDATE blocks SET body = x'00'")
        _ = try store.repair(now: Self.now, bootID: "boot-1")
        func drop(_ bootID: String) throws -> Int {
            try store.transaction(durably: false) { store throws(StoreError) in
                try store.dropVoidClaims(bootID: bootID, now: Self.now).count
            }
        }
        #expect(try drop("boot-1") == 0)
        #expect(try drop("boot-2") == 3)
        #expect(try store.claims().isEmpty)
    }

    @Test func claimsWithoutTheirPoolAreNoticedAndStay() throws {
        let folder = TemporaryFolder()
        var store = try Self.sample(folder)
        try store.remove(kind: "SpiderIPPool", name: "p")
        #expect(try store.check().map(\.severity) == [.notice, .notice, .notice])
        _ = try store.repair(now: Self.now)
        #expect(try store.claims().count == 3)
    }

    @Test func unreadablePoolsAreNamed() throws {
        let folder = TemporaryFolder()
        let store = try Self.sample(folder)
        try store.database.execute("UPDATE resources SET body = '{'")
        #expect(try store.check().contains { $0.severity == .damage && $0.subject == "SpiderIPPool p" })
    }

    @Test func aBackupIsCompleteAndNothingIsOverwritten() throws {
        let folder = TemporaryFolder()
        let store = try Self.sample(folder)
        let copy = "\(folder.path)/other"
        try store.backUp(to: copy)
        let restored = try EmbeddedStore(opening: copy)
        #expect(try restored.claims() == store.claims())
        #expect(try restored.pools() == store.pools())
        #expect(try restored.check() == [])
        #expect(throws: StoreError.self) { try store.backUp(to: copy) }
    }

    /// Whatever happens to the bytes of the file: an error or a finding, never a crash, and never two owners.
    @Test(arguments: [UInt64(1), 2]) func damagedBytesNeverCrash(seed: UInt64) throws {
        let folder = TemporaryFolder()
        do {
            let store = try Self.sample(folder)
            try store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let intact = try #require(folder.bytes(of: "ipam.db"))
        var random = SplitMix64(seed: seed)
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.60-10.0.0.69"]))
        for _ in 0..<60 {
            var bytes = intact
            for _ in 0...Int.random(in: 0..<20, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            unlink("\(folder.store)-wal")
            unlink("\(folder.store)-shm")
            folder.write(bytes: bytes, to: "ipam.db")
            guard var store = try? EmbeddedStore(opening: folder.store, lockTimeout: .milliseconds(20)) else {
                continue
            }
            _ = try? store.claim(request("e", at: 2, from: [pool]))
            _ = try? store.check()
            _ = try? store.repair(now: Self.now)
            if let claims = try? store.claims() { #expect(Set(claims.map(\.address)).count == claims.count) }
        }
    }
}
