import EmbeddedStore
import Glibc
import JSONTree
import Testing

/// The file cannot be used: one clear error of every command, and nothing is half done.
@Suite struct FileFaultTests {
    /// What every command says: ADD, DEL, STATUS and `check`.
    static func answers(_ host: Host) throws -> [String] {
        [
            try host.run("ADD", container: "late").refusal, try host.run("DEL").refusal,
            try host.run("STATUS", host.configuration(version: "1.1.0")).refusal,
            try host.control("check", "--repair").diagnostics,
        ]
    }

    /// Expects path, reason and remedy in all answers, with the codes of the specification.
    static func expectRefusal(
        _ host: Host, _ reason: String, remedy: String, location: SourceLocation = #_sourceLocation
    ) throws {
        let answers = try Self.answers(host)
        for (answer, start) in zip(answers, ["5 ", "5 ", "50 spiderpool cannot give addresses; ", "Error: "]) {
            #expect(answer.hasPrefix(start), sourceLocation: location)
            #expect(answer.contains("state file \(host.folder.store) \(reason)"), sourceLocation: location)
            #expect(answer.contains(remedy), sourceLocation: location)
            #expect(answer.dropLast().contains("\n") == false, sourceLocation: location)
        }
    }

    // MARK: No room

    /// A host whose folder is a small file system of its own.
    static func smallHost(_ options: String) throws -> (host: Host, unmount: Unmount) {
        let host = Host.empty()
        try Program.system("mount", "-t", "tmpfs", "-o", options, "small", host.folder.path, in: host.folder)
        let unmount = Unmount(host.folder)
        let applied = try host.control("apply", "-f", "-", input: Host.pools)
        try #require(applied.status == 0, "\(applied.diagnostics)")
        return (host, unmount)
    }

    @Test(arguments: [true, false]) func aFullDisk(hasLogIndex: Bool) throws {
        let (host, unmount) = try Self.smallHost("size=1m")
        defer { unmount.now() }
        let address = try host.add()
        if !hasLogIndex { unlink(host.folder.path("ipam.db-shm")) }
        // The streams of the programs need room as well, so they are elsewhere.
        let outside = Host.empty()
        host.folder.fill()
        let elsewhere = Host.at(host.folder.store, streams: outside.folder)
        for command in ["ADD", "DEL"] {
            let refusal = try elsewhere.run(command, container: command == "ADD" ? "late" : "box").refusal
            #expect(refusal.hasPrefix("5 "))
            #expect(refusal.contains("state file \(host.folder.store) cannot grow: the disk is full"), "\(refusal)")
            #expect(refusal.contains("free space"))
        }
        let status = try elsewhere.run("STATUS", elsewhere.configuration(version: "1.1.0")).refusal
        #expect(status.hasPrefix("50 "))
        #expect(status.contains("the disk is full"), "\(status)")
        if hasLogIndex {
            #expect(try elsewhere.claims() == ["10.6.168.101 eth0 box"])
            let backup = try elsewhere.control("backup", host.folder.path("copy"))
            #expect(backup.status == 1)
            #expect(!host.folder.contains("copy"))
        }
        let applied = try elsewhere.control("apply", "-f", "-", input: KilledOperation.more)
        #expect(applied.status == 1)
        #expect(applied.diagnostics.contains("the disk is full"), "\(applied.diagnostics)")
        unlink(host.folder.path("fill"))
        #expect(try elsewhere.add() == address)
        #expect(try elsewhere.add(container: "late") == ["10.6.168.102/16"])
        #expect(try elsewhere.run("DEL").status == 0)
        #expect(try elsewhere.claims() == ["10.6.168.102 eth0 late"])
        #expect(try elsewhere.control("check").status == 0)
    }

    @Test func noFileCanBeMadeAnyMore() throws {
        let (host, unmount) = try Self.smallHost("size=1m,nr_inodes=40")
        defer { unmount.now() }
        _ = try host.add()
        unlink(host.folder.path("ipam.db-shm"))
        let elsewhere = Host.at(host.folder.store, streams: Host.empty().folder)
        var number = 0
        while host.folder.makeEmpty("inode-\(number)") { number += 1 }
        // A plugin that comes alone needs no index of the log.
        #expect(try elsewhere.add(container: "late") == ["10.6.168.102/16"])
        for name in ["inode-1", "inode-2"] { unlink(host.folder.path(name)) }
        try Self.removeLog(of: host.folder.store, in: elsewhere.folder)
        while host.folder.makeEmpty("inode-\(number)") { number += 1 }
        for answer in try Self.answers(elsewhere) {
            #expect(answer.contains("the disk is full (no file can be made in \(host.folder.path)"), "\(answer)")
        }
        let fresh = try RunningProgram(
            [Program.spiderpoolctl, "--store", host.folder.path("new/ipam.db"), "apply", "-f", "-"], input: Host.pools,
            in: elsewhere.folder
        ).wait()
        #expect(fresh.diagnostics.contains("the disk is full (folder \(host.folder.path("new"))"))
        unlink(host.folder.path("inode-0"))
        #expect(try elsewhere.add() == ["10.6.168.101/16"])
    }

    /// Copies the log into the file and removes it with its index, as SQLite does when the last connection closes.
    static func removeLog(of store: String, in folder: TemporaryFolder) throws {
        try Program.system("sqlite3", store, "PRAGMA wal_checkpoint(TRUNCATE)", in: folder)
    }

    // MARK: Not allowed

    @Test(arguments: [true, false]) func aFileSystemThatIsReadOnly(hasLogIndex: Bool) throws {
        let (host, unmount) = try Self.smallHost("size=1m")
        defer { unmount.now() }
        _ = try host.add()
        if !hasLogIndex { unlink(host.folder.path("ipam.db-shm")) }
        let elsewhere = Host.at(host.folder.store, streams: Host.empty().folder)
        try Program.system("mount", "-o", "remount,ro", host.folder.path, in: elsewhere.folder)
        for answer in try Self.answers(elsewhere).dropLast() {
            #expect(answer.contains("state file \(host.folder.store) is read-only"), "\(answer)")
            #expect(answer.contains("make the file, its folder and its file system writable"))
        }
        // To look is still possible, with the log's index in place.
        if hasLogIndex { #expect(try elsewhere.claims() == ["10.6.168.101 eth0 box"]) }
        try Program.system("mount", "-o", "remount,rw", host.folder.path, in: elsewhere.folder)
        #expect(try elsewhere.add(container: "late") == ["10.6.168.102/16"])
    }

    struct Access: Sendable, CustomTestStringConvertible {
        let name: String
        let folderMode: mode_t
        let fileMode: mode_t
        let keepsLog: Bool
        let reason: String
        var testDescription: String { name }
    }

    /// Another user than the owner.
    @Test(arguments: [
        Access(name: "file closed", folderMode: 0o777, fileMode: 0o600, keepsLog: true, reason: "may not be opened"),
        Access(
            name: "folder closed", folderMode: 0o700, fileMode: 0o666, keepsLog: true, reason: "may not be opened"),
        Access(name: "file readable", folderMode: 0o755, fileMode: 0o644, keepsLog: true, reason: "is read-only"),
        Access(
            name: "nothing can be made", folderMode: 0o755, fileMode: 0o666, keepsLog: false, reason: "is read-only"),
    ]) func anotherUser(_ access: Access) throws {
        let host = try Host()
        _ = try host.add()
        let folder = host.folder.path("state")
        #expect(mkdir(folder, 0o755) == 0)
        for name in StateImage.names {
            #expect(rename(host.folder.path(name), "\(folder)/\(name)") == 0)
            chmod("\(folder)/\(name)", access.fileMode)
        }
        if !access.keepsLog { try Self.removeLog(of: "\(folder)/ipam.db", in: host.folder) }
        chmod(folder, access.folderMode)
        chmod(host.folder.path, 0o755)
        // A copy, since the folder that it was built in may be closed.
        try Program.system("cp", Program.ipam, host.folder.path("ipam"), in: host.folder)
        let elsewhere = Host.at("\(folder)/ipam.db", streams: host.folder)
        for (command, code) in [("DEL", "5 "), ("STATUS", "50 ")] {
            let outcome = try RunningProgram(
                [
                    "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", host.folder.path("ipam"),
                ], environment: Host.environment(command, namespace: ""),
                input: elsewhere.configuration(version: "1.1.0").text(), in: host.folder
            ).wait()
            #expect(outcome.refusal.hasPrefix(code), "\(command): \(outcome.refusal)")
            #expect(outcome.refusal.contains("state file \(folder)/ipam.db \(access.reason)"), "\(outcome.refusal)")
        }
        #expect(try elsewhere.claims() == ["10.6.168.101 eth0 box"])
    }

    @Test func aFileThatCannotBeChanged() throws {
        let host = try Host()
        _ = try host.add()
        let outcome = try RunningProgram(["chattr", "+i", host.folder.store], in: host.folder).wait()
        // Some file systems have no such flag.
        guard outcome.status == 0 else { return }
        defer { _ = try? Program.system("chattr", "-i", host.folder.store, in: host.folder) }
        for answer in try Self.answers(host).dropLast() { #expect(answer.contains("is read-only"), "\(answer)") }
    }

    // MARK: Not there

    @Test func aFolderInTheWay() throws {
        let host = Host.empty()
        #expect(mkdir(host.folder.store, 0o755) == 0)
        try Self.expectRefusal(
            host, "may not be opened (Is a directory)", remedy: "check that the path leads to a file")
        let applied = try host.control("apply", "-f", "-", input: Host.pools)
        #expect(applied.diagnostics.contains("may not be opened (Is a directory)"))
    }

    @Test func linksThatLeadNowhere() throws {
        let host = Host.empty()
        #expect(symlink("ipam.db", host.folder.store) == 0)
        try Self.expectRefusal(
            host, "may not be opened (Too many levels of symbolic links)", remedy: "check that the path leads to a file"
        )
        unlink(host.folder.store)
        #expect(symlink("/nowhere/ipam.db", host.folder.store) == 0)
        #expect(try host.run("ADD").refusal.contains("does not exist; create it by applying a pool"))
        #expect(try host.run("DEL").status == 0)
        unlink(host.folder.store)
        #expect(symlink("real.db", host.folder.store) == 0)
        try Program.system("touch", host.folder.path("real.db"), in: host.folder)
        #expect(try host.control("apply", "-f", "-", input: Host.pools).status == 0)
        #expect(try host.add() == ["10.6.168.101/16"])
    }

    @Test func aMissingFolder() throws {
        let host = Host.at("/nowhere/deep/ipam.db", streams: Host.empty().folder)
        #expect(try host.run("ADD").refusal.contains("state file /nowhere/deep/ipam.db does not exist; create it by"))
        #expect(try host.run("DEL").status == 0)
        #expect(try host.control("check").diagnostics.contains("does not exist"))
    }

    // MARK: Locked

    /// A process that writes and does not end: others wait as long as they have, and name it.
    @Test func aStuckProcessIsNamed() throws {
        let host = try Host()
        _ = try host.add()
        var holder = try EmbeddedStore(opening: host.store)
        var start = timespec()
        clock_gettime(CLOCK_MONOTONIC, &start)
        let status = try holder.transaction(durably: false) { _ throws(any Error) in
            try host.run("STATUS", host.configuration(version: "1.1.0"))
        }
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        #expect(status.refusal.hasPrefix("50 "))
        #expect(
            status.refusal.contains(
                "state file \(host.store) is locked by another process (process \(getpid()) ("),
            "\(status.refusal)")
        #expect(status.refusal.contains(") holds the lock); try again; if it persists, look what that process waits"))
        #expect(end.tv_sec - start.tv_sec < 10)
        #expect(try host.run("STATUS", host.configuration(version: "1.1.0")).status == 0)
    }
}
