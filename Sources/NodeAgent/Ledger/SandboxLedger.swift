internal import JSONTree
internal import Synchronization

/// What the sandboxes of this node were given, on the node's disk: one small file each.
///
/// It is written before an ADD or a DEL is answered, so that an agent that starts again knows which releases it still owes,
/// and which addresses are in use whatever the API server says.
///
/// ```text
/// record ──► c0ffee@eth0.json.new ──► (sync) ──► rename to c0ffee@eth0.json ──► (sync)
/// ```
///
/// A killed agent leaves the entry before or the entry after. Only entries that outlive a reboot are synced: those of plain
/// Pods are void after one anyway. A file that cannot be understood is set aside as `….damaged` and told of.
public final class SandboxLedger: Sendable {
    /// Where the ledger of a node is.
    public static let defaultPath = "/var/lib/spidernet/agent"

    /// The largest file that is read, in bytes.
    static let largestFile = 64 << 10

    private static let newSuffix = ".new"
    private static let damagedSuffix = ".damaged"

    /// Files that could not be understood when the ledger was opened, each with the reason.
    public let damages: [String]

    private let folder: any LedgerFolder
    private let known: Mutex<[LedgerEntry.Key: LedgerEntry]>
    /// One for the keys that share a remainder: files of different keys are written at the same time.
    private let writing: WritingLocks

    /// Opens the ledger of a node, and reads all of it.
    ///
    /// - Parameters:
    ///   - path: The folder; it is made where it is missing.
    ///   - bootID: Boot ID of the host: entries that are void on it are removed.
    /// - Throws: ``LedgerError`` when the folder cannot be used.
    public convenience init(at path: String = defaultPath, bootID: String) throws(LedgerError) {
        try self.init(SystemFolder(path: path), bootID: bootID)
    }

    init(_ folder: any LedgerFolder, bootID: String) throws(LedgerError) {
        self.folder = folder
        writing = WritingLocks()
        try folder.prepare()
        var entries: [LedgerEntry.Key: LedgerEntry] = [:]
        var damages: [String] = []
        for name in try folder.names() {
            if name.hasSuffix(Self.newSuffix) {
                try folder.remove(name)
            } else if name.hasSuffix(".json") {
                switch Self.read(try folder.read(name), from: name) {
                case .success(let entry) where entry.isVoid(on: bootID): try folder.remove(name)
                case .success(let entry): entries[entry.key] = entry
                case .failure(let damage):
                    try folder.rename(name, to: name + Self.damagedSuffix)
                    damages.append("\(name): \(damage.reason); set aside as \(name)\(Self.damagedSuffix)")
                }
            }
        }
        self.damages = damages
        known = Mutex(entries)
    }

    /// All entries, in no particular order.
    public var entries: [LedgerEntry] { known.withLock { Array($0.values) } }

    /// What one sandbox was given on one interface.
    public func entry(_ key: LedgerEntry.Key) -> LedgerEntry? { known.withLock { $0[key] } }

    /// Writes an entry, in place of the one of the same key.
    ///
    /// - Throws: ``LedgerError`` when it is not on the disk; the entry before is still there then.
    public func record(_ entry: LedgerEntry) throws(LedgerError) {
        let name = entry.key.fileName
        try writing.with(name) { () throws(LedgerError) in
            do throws(LedgerError) {
                try folder.write(entry.json.utf8(), to: name + Self.newSuffix, durably: entry.isFixed)
                try folder.rename(name + Self.newSuffix, to: name)
            } catch {
                // What is left of it would only take room.
                try? folder.remove(name + Self.newSuffix)
                throw error
            }
            known.withLock { $0[entry.key] = entry }
            if entry.isFixed { try folder.sync() }
        }
    }

    /// Removes an entry, if it is there.
    ///
    /// - Throws: ``LedgerError`` when its file cannot be removed; the entry is still there then.
    public func remove(_ key: LedgerEntry.Key) throws(LedgerError) {
        let name = key.fileName
        try writing.with(name) { () throws(LedgerError) in
            try folder.remove(name)
            known.withLock { _ = $0.removeValue(forKey: key) }
        }
    }

    private struct Damage: Error {
        let reason: String
    }

    private static func read(_ bytes: [UInt8], from name: String) -> Result<LedgerEntry, Damage> {
        guard bytes.count <= largestFile else { return .failure(Damage(reason: "more than \(largestFile) bytes")) }
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: bytes.span)
        } catch {
            return .failure(Damage(reason: "\(error)"))
        }
        do throws(JSONFieldError) {
            let entry = try LedgerEntry(try JSONFieldReader(value))
            guard entry.key.fileName == name else {
                return .failure(Damage(reason: "it belongs into \(entry.key.fileName)"))
            }
            return .success(entry)
        } catch {
            return .failure(Damage(reason: "\(error)"))
        }
    }
}

/// Locks for files, by their names: one file is written by one at a time, most others meanwhile.
private final class WritingLocks: Sendable {
    private final class Lock: Sendable {
        let mutex = Mutex(())
    }

    private let locks = (0..<64).map { _ in Lock() }

    func with(_ name: String, _ body: () throws(LedgerError) -> Void) throws(LedgerError) {
        try locks[Int(UInt(bitPattern: name.hashValue) % UInt(locks.count))].mutex.withLock { _ throws(LedgerError) in
            try body()
        }
    }
}
