import EmbeddedStore
import Glibc
import IPAMCore
import IPAMEngine
import Testing

@Suite struct StoreFileTests {
    func code(_ body: () throws(StoreError) -> Void) -> StoreError.Code? {
        do throws(StoreError) {
            try body()
            return nil
        } catch {
            #expect(!error.remedy.isEmpty)
            #expect(!error.description.contains("\n"))
            return error.code
        }
    }

    @Test func aMissingFileIsNamed() {
        let folder = TemporaryFolder()
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(opening: folder.store) } == .missing)
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(opening: "/proc/nowhere/x") } == .missing)
    }

    @Test func aForeignFileIsLeftUntouched() throws {
        let folder = TemporaryFolder()
        let text = String(repeating: "not a database at all; ", count: 400)
        folder.write(text, to: "ipam.db")
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(opening: folder.store) } == .foreign)
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(creating: folder.store) } == .foreign)
        var status = stat()
        #expect(stat(folder.store, &status) == 0)
        #expect(status.st_size == text.utf8.count)
    }

    @Test func anEmptyFileIsOnlyFilledWhenAskedFor() {
        let folder = TemporaryFolder()
        folder.write("", to: "ipam.db")
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(opening: folder.store) } == .missing)
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(creating: folder.store) } == nil)
    }

    @Test func manyMayCreateTheFileAtOnce() async throws {
        for _ in 0..<40 {
            let folder = TemporaryFolder()
            let path = folder.store
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 { group.addTask { _ = try EmbeddedStore(creating: path) } }
                try await group.waitForAll()
            }
            #expect(try EmbeddedStore(opening: path).countPools() == 0)
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() {
        #expect(
            code { () throws(StoreError) in _ = try EmbeddedStore(creating: "/proc/spider/ipam.db") } == .notPermitted)
        let folder = TemporaryFolder()
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(creating: "\(folder.path)/deep") } == nil)
        unlink("\(folder.path)/deep")
        #expect(mkdir("\(folder.path)/deep", 0o700) == 0)
        #expect(
            code { () throws(StoreError) in _ = try EmbeddedStore(creating: "\(folder.path)/deep") } == .notPermitted)
    }

    @Test func theFileIsOnlyForItsOwner() throws {
        let folder = TemporaryFolder()
        _ = try EmbeddedStore(creating: folder.store)
        var status = stat()
        #expect(stat(folder.store, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    /// The kernel drops a process's locks on a file when the process closes any descriptor of it.
    @Test func openingAgainInTheSameProcessKeepsTheLocksOfTheFirst() throws {
        let folder = TemporaryFolder()
        let holder = try EmbeddedStore(creating: folder.store)
        _ = try holder.claims()
        let before = try Self.locks(on: folder.store)
        #expect(before > 0)
        _ = try EmbeddedStore(creating: folder.store)
        #expect(try Self.locks(on: folder.store) == before)
        _ = try holder.claims()
    }

    /// How many locks the kernel knows on a file.
    static func locks(on path: String) throws -> Int {
        var status = stat()
        try #require(stat(path, &status) == 0)
        let file = try #require(fopen("/proc/locks", "r"))
        defer { fclose(file) }
        var count = 0
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                .split(separator: " ")
            if words.contains(where: { $0.hasSuffix(":\(status.st_ino)") }) { count += 1 }
        }
        return count
    }

    @Test func aLockedFileIsReportedAfterTheTimeGiven() throws {
        let folder = TemporaryFolder()
        var holder = try EmbeddedStore(creating: folder.store)
        let outcome = try holder.transaction(durably: false) { _ throws(StoreError) in
            var other = try EmbeddedStore(opening: folder.store, lockTimeout: .milliseconds(20))
            return code { () throws(StoreError) in
                do throws(TransactionFailure<StoreError>) {
                    try other.transaction(durably: false) { _ throws(StoreError) in }
                } catch {
                    guard case .store(let inner) = error else { return }
                    throw inner
                }
            }
        }
        #expect(outcome == .busy)
    }

    /// A plugin that finds nobody else spares the memory that processes share; one that does not, uses it as others do.
    @Test func whoComesAloneSharesNothing() throws {
        let folder = TemporaryFolder()
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.1-10.0.0.9"]))
        do {
            let first = try EmbeddedStore(creating: folder.store)
            _ = try first.claims()
            var second = try EmbeddedStore(opening: folder.store, lockTimeout: .zero, onlyForTransactions: true)
            #expect(try second.claim(request("a", from: [pool])) == ["10.0.0.1"])
            #expect(try first.claims().count == 1)
        }
        unlink("\(folder.store)-shm")
        do {
            var alone = try EmbeddedStore(opening: folder.store, lockTimeout: .zero, onlyForTransactions: true)
            #expect(try alone.claim(request("b", from: [pool])) == ["10.0.0.2"])
            let outcome = code { () throws(StoreError) in
                _ = try EmbeddedStore(opening: folder.store, lockTimeout: .zero).claims()
            }
            #expect(outcome == .busy)
        }
        #expect(access("\(folder.store)-shm", F_OK) != 0)
        #expect(try EmbeddedStore(opening: folder.store).claims().count == 2)
    }

    /// Every process of a plugin opens the file anew, and pays for the length of the log.
    @Test func theLogStaysShortWhenEveryCallOpensTheFile() throws {
        let folder = TemporaryFolder()
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.0-10.0.3.255"]))
        _ = try EmbeddedStore(creating: folder.store)
        var longest: off_t = 0
        for index in 0..<150 {
            var store = try EmbeddedStore(opening: folder.store)
            _ = try store.claim(request("\(index)", from: [pool]))
            var status = stat()
            #expect(stat("\(folder.store)-wal", &status) == 0)
            longest = max(longest, status.st_size)
        }
        #expect(longest < 512 << 10)
        #expect(try EmbeddedStore(opening: folder.store).claims().count == 150)
    }

    @Test func damagedBlocksAreNoticed() throws {
        let folder = TemporaryFolder()
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.1-10.0.0.9"]))
        var store = try EmbeddedStore(creating: folder.store)
        _ = try store.claim(request("a", from: [pool]))
        try store.damageBlocks()
        #expect(throws: (any Error).self) { try store.claim(request("a", from: [pool])) }
        #expect(code { () throws(StoreError) in _ = try store.claims() } == .damaged)
    }

    /// What cannot be read may belong to somebody: it is an error, not an absence, and never a crash.
    @Test(arguments: [
        "UPDATE blocks SET version = -1", "UPDATE blocks SET version = 9223372036854775807",
        "UPDATE blocks SET version = 0", "UPDATE blocks SET key = x'0401'; UPDATE owners SET address = x'0401'",
        "UPDATE blocks SET key = x'0500000000000000000000000000000000'; UPDATE owners SET address = x'05'",
    ]) func nonsenseInTheFileIsNoticed(sql: String) throws {
        let folder = TemporaryFolder()
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.1-10.0.0.9"]))
        var store = try EmbeddedStore(creating: folder.store)
        _ = try store.claim(request("a", from: [pool]))
        try store.corrupt(sql)
        #expect(code { () throws(StoreError) in _ = try store.claims() } == .damaged)
        #expect(throws: (any Error).self) { try store.claim(request("a", container: "other", from: [pool])) }
    }

    @Test func aNewerLayoutIsRefused() throws {
        let folder = TemporaryFolder()
        let store = try EmbeddedStore(creating: folder.store)
        try store.setLayoutVersion(99)
        #expect(code { () throws(StoreError) in _ = try EmbeddedStore(opening: folder.store) } == .newer)
    }
}
