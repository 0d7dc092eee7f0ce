import Glibc
import IPAMCore
import JSONTree
import Synchronization
import Testing

@testable import NodeAgent

/// A folder that stops working at one of its calls, as if the process were killed there; half of a write is done.
final class FailingFolder: LedgerFolder {
    private let folder: SystemFolder
    private let left: Mutex<Int>
    private let number: Int32
    /// Whether everything after the failure fails too, as for a process that is dead.
    private let isDeadly: Bool

    init(_ folder: SystemFolder, failingAt call: Int, with number: Int32, isDeadly: Bool) {
        self.folder = folder
        left = Mutex(call)
        self.number = number
        self.isDeadly = isDeadly
    }

    var hasFailed: Bool { left.withLock { $0 <= 0 } }

    /// Whether the call is to fail.
    private func isOver() -> Bool {
        left.withLock { left in
            left -= 1
            return left == 0 || (left < 0 && isDeadly)
        }
    }

    private func pass() throws(LedgerError) {
        if isOver() { throw LedgerError("go on", number) }
    }

    func prepare() throws(LedgerError) { try folder.prepare() }
    func names() throws(LedgerError) -> [String] { try folder.names() }
    func read(_ name: String) throws(LedgerError) -> [UInt8] { try folder.read(name) }
    func write(_ bytes: [UInt8], to name: String, durably: Bool) throws(LedgerError) {
        // Opened, and then half written.
        if isOver() {
            if !isDeadly || left.withLock({ $0 == 0 }) { try folder.write([], to: name, durably: false) }
            throw LedgerError("write", number)
        }
        if isOver() {
            if !isDeadly || left.withLock({ $0 == 0 }) {
                try folder.write(Array(bytes.prefix(bytes.count / 2)), to: name, durably: false)
            }
            throw LedgerError("write", number)
        }
        try folder.write(bytes, to: name, durably: durably)
        try pass()
    }
    func rename(_ name: String, to newName: String) throws(LedgerError) {
        try pass()
        try folder.rename(name, to: newName)
    }
    func remove(_ name: String) throws(LedgerError) {
        try pass()
        try folder.remove(name)
    }
    func sync() throws(LedgerError) {
        try pass()
        try folder.sync()
    }
}

@Suite struct SandboxLedgerTests {
    final class Folder: Sendable {
        let path: String
        init() {
            path = "/tmp/ledger-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))/a"
        }
        var system: SystemFolder { SystemFolder(path: path) }
        deinit {
            for name in (try? system.names()) ?? [] { unlink("\(path)/\(name)") }
            rmdir(path)
            rmdir(String(path.dropLast(2)))
        }
    }

    static func entry(
        _ container: String = "c0ffee", _ address: String = "10.6.0.9", isFixed: Bool = true, bootID: String = "b1"
    ) throws -> LedgerEntry {
        var entry = LedgerEntry(
            .init(containerID: container, interface: "eth0"),
            addresses: [.init(try IPAddress(parsing: address), pool: "a")],
            pod: PodName(namespace: "shop", name: "web-0"),
            podUID: "5b0e", owner: "StatefulSet/shop/web-0", bootID: bootID)
        entry.since = Timestamp(milliseconds: 1_800_000_000_123)
        entry.isFixed = isFixed
        entry.network = "rack"
        return entry
    }

    @Test func anEntryThatDoesNotSayWhenIsReadAndCountsLeast() throws {
        let entry = try Self.entry()
        var tree = entry.json
        tree["since"] = nil
        var expected = entry
        expected.since = Timestamp(milliseconds: 0)
        #expect(try LedgerEntry(try JSONFieldReader(tree)) == expected)
    }

    @Test func whatWasWrittenIsReadAfterARestart() throws {
        let folder = Folder()
        let ledger = try SandboxLedger(at: folder.path, bootID: "b1")
        var first = try Self.entry()
        let second = try Self.entry("other", "fd00::9", isFixed: false)
        try ledger.record(first)
        try ledger.record(second)
        first.state = .releasing
        try ledger.record(first)
        let again = try SandboxLedger(at: folder.path, bootID: "b1")
        #expect(Set(again.entries) == [first, second])
        #expect(again.entry(first.key) == first)
        #expect(again.damages == [])
        try again.remove(second.key)
        try again.remove(second.key)
        #expect(try SandboxLedger(at: folder.path, bootID: "b1").entries == [first])
        var status = stat()
        #expect(stat(folder.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test func afterARebootPlainPodsAreForgotten() throws {
        let folder = Folder()
        let ledger = try SandboxLedger(at: folder.path, bootID: "b1")
        try ledger.record(try Self.entry("plain", isFixed: false))
        try ledger.record(try Self.entry("fixed"))
        let again = try SandboxLedger(at: folder.path, bootID: "b2")
        #expect(again.entries.map(\.key.containerID) == ["fixed"])
        #expect(try folder.system.names() == ["fixed@eth0.json"])
    }

    /// Killed at each call: the entry is the one before or the one after, and nothing else is left.
    @Test(arguments: [false, true])
    func aKilledAgentLeavesTheEntryBeforeOrAfter(hasEntryBefore: Bool) throws {
        var calls = 0
        for call in 1...20 {
            let folder = Folder()
            let before = try Self.entry()
            if hasEntryBefore { try SandboxLedger(at: folder.path, bootID: "b1").record(before) }
            let failing = FailingFolder(folder.system, failingAt: call, with: EIO, isDeadly: true)
            let ledger = try SandboxLedger(failing, bootID: "b1")
            var after = before
            after.state = .releasing
            var isRecorded = true
            do throws(LedgerError) { try ledger.record(after) } catch { isRecorded = false }
            let again = try SandboxLedger(at: folder.path, bootID: "b1")
            #expect(again.damages == [])
            let found = again.entry(before.key)
            if isRecorded {
                #expect(found == after)
            } else {
                #expect(found == after || found == (hasEntryBefore ? before : nil), "call \(call)")
            }
            #expect(try folder.system.names().allSatisfy { $0.hasSuffix(".json") })
            if !failing.hasFailed { break }
            calls = call
        }
        #expect(calls >= 5)
    }

    @Test(arguments: [ENOSPC, EDQUOT, EROFS])
    func aRefusalOfTheSystemChangesNothing(number: Int32) throws {
        for call in 1...3 {
            let folder = Folder()
            let before = try Self.entry()
            try SandboxLedger(at: folder.path, bootID: "b1").record(before)
            let failing = FailingFolder(folder.system, failingAt: call, with: number, isDeadly: false)
            let ledger = try SandboxLedger(failing, bootID: "b1")
            var after = before
            after.state = .releasing
            let error = #expect(throws: LedgerError.self) { try ledger.record(after) }
            #expect(error?.isDiskFull == (number != EROFS))
            #expect(ledger.entry(before.key) == before)
            #expect(try folder.system.names() == ["c0ffee@eth0.json"])
            // Once there is room again it works.
            try ledger.record(after)
            #expect(try SandboxLedger(at: folder.path, bootID: "b1").entries == [after])
        }
    }

    @Test func damagedFilesAreSetAsideAndToldOf() throws {
        let folder = Folder()
        let entry = try Self.entry()
        try SandboxLedger(at: folder.path, bootID: "b1").record(entry)
        let system = folder.system
        try system.write([], to: "empty@eth0.json", durably: false)
        try system.write(Array("{\"containerID\":5}".utf8), to: "wrong@eth0.json", durably: false)
        try system.write(try system.read("c0ffee@eth0.json"), to: "moved@eth0.json", durably: false)
        try system.write([UInt8](repeating: 0x20, count: 100_000), to: "large@eth0.json", durably: false)
        try system.write([], to: "half@eth0.json.new", durably: false)
        try system.write([], to: "foreign.txt", durably: false)
        let ledger = try SandboxLedger(at: folder.path, bootID: "b1")
        #expect(ledger.entries == [entry])
        #expect(
            ledger.damages.map { $0.prefix { $0 != ":" } } == [
                "empty@eth0.json", "large@eth0.json", "moved@eth0.json", "wrong@eth0.json",
            ])
        #expect(
            try system.names() == [
                "c0ffee@eth0.json", "empty@eth0.json.damaged", "foreign.txt", "large@eth0.json.damaged",
                "moved@eth0.json.damaged", "wrong@eth0.json.damaged",
            ])
        #expect(try SandboxLedger(at: folder.path, bootID: "b1").damages == [])
    }

    @Test func namesOfFilesAreSafeAndDiffer() {
        func name(_ container: String, _ interface: String = "eth0") -> String {
            LedgerEntry.Key(containerID: container, interface: interface).fileName
        }
        #expect(name("c0ffee") == "c0ffee@eth0.json")
        #expect(name("../../etc/passwd") == "%2e%2e%2f%2e%2e%2fetc%2fpasswd@eth0.json")
        #expect(name("a@b", "c") != name("a", "b@c"))
        let long = String(repeating: "a", count: 1000)
        #expect(name(long).utf8.count < 255 && name(long) != name(long + "b"))
    }

    @Test func manyWriteAtOnce() async throws {
        let folder = Folder()
        let ledger = try SandboxLedger(at: folder.path, bootID: "b1")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    var entry = try Self.entry("c\(number % 50)", isFixed: false)
                    entry.podUID = "\(number)"
                    try ledger.record(entry)
                }
            }
            try await group.waitForAll()
        }
        let again = try SandboxLedger(at: folder.path, bootID: "b1")
        #expect(again.entries.count == 50)
        #expect(Set(again.entries) == Set(ledger.entries))
    }
}
