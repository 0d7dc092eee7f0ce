import EmbeddedStore
import Glibc
import JSONTree
import Testing

/// Files of older and newer programs, while they are in use.
@Suite struct LayoutTests {
    static let layout3 = "ALTER TABLE history DROP COLUMN holder; PRAGMA user_version = 3"

    static let older = [
        KilledOperation.layout1,
        "\(layout3); CREATE TABLE cursors(pool TEXT PRIMARY KEY); INSERT INTO meta VALUES('generation', 1);"
            + "PRAGMA user_version = 2",
        layout3,
    ]

    @Test(arguments: older) func manyFindAnOlderFileAtOnce(sql: String) throws {
        let host = try Host(ConcurrencyTests.pool)
        let before = try host.add(container: "before")
        try Program.system("sqlite3", host.store, sql, in: host.folder)
        let running = try (0..<12).map { try host.start("ADD", host.configuration(), container: "c\($0)") }
        let outcomes = running.map { $0.wait() }
        #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.first { $0.status != 0 }?.refusal ?? "")")
        #expect(try host.claims().count == 13)
        #expect(try host.add(container: "before") == before)
        #expect(try host.control("check").status == 0)
        let version = try Program.system("sqlite3", host.store, "PRAGMA user_version", in: host.folder)
        #expect(version == "4\n")
    }

    @Test func aNewerFileIsRefusedByAll() throws {
        let host = try Host()
        _ = try host.add()
        try Program.system("sqlite3", host.store, "PRAGMA user_version = 99", in: host.folder)
        let image = StateImage(of: host.folder)
        let reason = "state file \(host.store) was written by a newer version (layout 99, this program knows"
        for answer in [
            try host.run("ADD", container: "late").refusal, try host.run("DEL").refusal,
            try host.run("STATUS", host.configuration(version: "1.1.0")).refusal,
            try host.control("check", "--repair").diagnostics, try host.control("claims").diagnostics,
            try host.control("apply", "-f", "-", input: Host.pools).diagnostics,
        ] {
            #expect(answer.contains(reason), "\(answer)")
            #expect(answer.contains("use the newer program"))
        }
        #expect(StateImage(of: host.folder).files["ipam.db"] == image.files["ipam.db"])
    }

    /// A newer program may come while an older one has the file open.
    @Test func aFileThatBecomesNewerIsRefusedFromThenOn() throws {
        let host = try Host()
        var store = try EmbeddedStore(opening: host.store)
        try store.transaction(durably: false) { _ throws(StoreError) in }
        try Program.system("sqlite3", host.store, "PRAGMA user_version = 99", in: host.folder)
        var code: StoreError.Code?
        var isRun = false
        do throws(TransactionFailure<StoreError>) {
            try store.transaction(durably: false) { _ throws(StoreError) in
                isRun = true
            }
        } catch {
            if case .store(let error) = error { code = error.code }
        }
        #expect(code == .newer)
        #expect(!isRun)
        try Program.system("sqlite3", host.store, "PRAGMA user_version = 4", in: host.folder)
        try store.transaction(durably: false) { _ throws(StoreError) in }
    }
}
