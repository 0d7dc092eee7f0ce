import EmbeddedStore
import Glibc
import Testing

/// A copy is complete, or it does not have its name.
@Suite struct BackupKillTests {
    @Test func aKilledBackupIsCompleteOrNotThere() throws {
        let host = try Host()
        _ = try host.add()
        let content = try StateContent(of: host.folder)
        func backUp(_ name: String, _ wrap: ([String]) -> [String] = { $0 }) throws -> Outcome {
            try RunningProgram(
                wrap([Program.spiderpoolctl, "--store", host.folder.store, "backup", host.folder.path(name)]),
                in: host.folder
            ).wait()
        }
        let log = host.folder.path("calls")
        let whole = try backUp("whole") { Trace.command($0, recording: Trace.writes, to: log) }
        #expect(whole.status == 0, "\(whole.diagnostics)")
        let calls = Trace.calls(in: host.folder.read("calls")).map(\.name).filter { $0 != "fcntl" }
        #expect(calls.contains("fsync") && calls.contains("link"))
        for (call, count) in Dictionary(grouping: calls, by: { $0 }).mapValues(\.count) {
            for number in 1...count {
                let name = "copy-\(call)-\(number)"
                let killed = try backUp(name) { Trace.command($0, killingAt: call, number: number) }
                guard killed.status != 0 else { continue }
                let copy = Host.empty()
                if host.folder.contains(name) {
                    copy.folder.write(bytes: host.folder.bytes(of: name), to: "ipam.db")
                    #expect(try StateContent(of: copy.folder) == content, "\(name)")
                } else {
                    #expect(try backUp(name).status == 0, "\(name)")
                }
            }
        }
        #expect(try StateContent(of: host.folder) == content)
    }

    @Test func aCopyIsLikeTheFile() throws {
        let host = try Host()
        _ = try host.add()
        #expect(try host.control("backup", host.folder.path("copy")).status == 0)
        var status = stat()
        #expect(stat(host.folder.path("copy"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(host.folder.bytes(of: "copy")[18...19] == [2, 2], "the copy has no write-ahead log")
        let again = try host.control("backup", host.folder.path("copy"))
        #expect(again.status == 1)
        #expect(again.diagnostics.contains("something is there already"), "\(again.diagnostics)")
        let nowhere = try host.control("backup", "/proc/nowhere/copy")
        #expect(nowhere.diagnostics.contains("/proc/nowhere/copy: "), "\(nowhere.diagnostics)")
        #expect(nowhere.diagnostics.contains("no copy was made"))
    }

    /// Backups of before had another format, and stay in use after they were put in place.
    @Test func aFileWithoutALogGetsOne() throws {
        let host = try Host()
        try Program.system("sqlite3", host.folder.store, "PRAGMA journal_mode = DELETE", in: host.folder)
        #expect(host.folder.bytes(of: "ipam.db")[18...19] == [1, 1])
        _ = try host.add()
        #expect(host.folder.bytes(of: "ipam.db")[18...19] == [2, 2])
        #expect(try host.claims().count == 1)
    }
}
