internal import CSQLite
internal import Glibc
internal import IPAMCore
internal import IPAMEngine

/// Pools, reserved addresses and blocks in one SQLite file, safe with any number of processes at once.
///
/// Every change happens inside ``transaction(durably:_:)``: others see all of it or nothing, also after a crash. A plain
/// container's claim is not synced to the disk, since neither it nor the container outlives a reboot; manifests are.
///
/// The value is the connection: it closes when it ends, and must not be shared between threads.
public struct EmbeddedStore: ~Copyable {
    /// Where the state is kept when nothing else is configured.
    public static let defaultPath = "/var/lib/spiderpool/ipam.db"

    let database: Database
    private let lockTimeout: Duration

    /// Blocks that the running transaction has read; nobody else can change them before it ends.
    var known: [StoredBlock] = []

    /// Blocks in which the running transaction found claims of an owner's interface; as ``known``.
    var knownOwners: [KnownOwner] = []

    /// How many events are kept.
    var historyLimit = Self.maximumHistoryCount

    /// Path of the file.
    public var path: String { database.path }

    /// Tells SQLite that this process has one thread, which saves its locks; for programs like a plugin.
    ///
    /// Call it before the first store is opened; afterwards it has no effect. It concerns everything in the process that
    /// uses SQLite.
    public static func useOneThread() {
        _ = csqlite_use_one_thread()
    }

    /// Opens an existing file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - lockTimeout: How long to wait for the write lock before ``StoreError/Code/busy``.
    ///   - onlyForTransactions: Whether nothing is done outside of ``transaction(durably:_:)``, and that soon; whose file
    ///     it is may then be found out there, and nobody else can use the file meanwhile, which is quicker.
    /// - Throws: ``StoreError``. A file that is not ours is never changed.
    public init(
        opening path: String, lockTimeout: Duration = .seconds(10), onlyForTransactions: Bool = false
    ) throws(StoreError) {
        guard access(path, F_OK) == 0 else {
            let number = errno
            guard number != ENOENT, number != ENOTDIR else { throw StoreError(.missing, path: path) }
            throw StoreError(systemError: number, path: path)
        }
        try self.init(
            path: path, access: .readWrite, lockTimeout: lockTimeout, onlyForTransactions: onlyForTransactions)
    }

    /// Opens a file, making it and its folder first when they do not exist. The file is only for its owner (0600).
    ///
    /// - Throws: ``StoreError``. A file that is not ours is never changed.
    public init(creating path: String, lockTimeout: Duration = .seconds(10)) throws(StoreError) {
        try Self.makeFolder(of: path)
        // Not open(2): closing any descriptor of the file drops the locks that other connections of this process hold.
        guard mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else {
            throw StoreError(systemError: errno, path: path)
        }
        try self.init(path: path, access: .create, lockTimeout: lockTimeout)
    }

    /// Makes an empty store in memory, which ends with the value: to try something out.
    ///
    /// - Throws: ``StoreError`` when there is no memory.
    public init() throws(StoreError) {
        try self.init(path: ":memory:", access: .create, lockTimeout: .zero)
    }

    private init(
        path: String, access: Database.Access, lockTimeout: Duration, onlyForTransactions: Bool = false
    ) throws(StoreError) {
        self.lockTimeout = lockTimeout
        database = try Self.connect(path, access, lockTimeout: lockTimeout, isHasty: onlyForTransactions)
    }

    /// Opens the file; in haste, whose file it is is only looked up in its header, about which the log may know better.
    private static func connect(
        _ path: String, _ access: Database.Access, lockTimeout: Duration, isHasty: Bool
    ) throws(StoreError) -> Database {
        let database = try Database(path: path, access: access, lockTimeout: lockTimeout)
        let expected = Database.Header(
            version: Schema.version, applicationID: Schema.applicationID, isLogged: true)
        if isHasty, database.header() == expected {
            database.openLogAlone()
            return database
        }
        try prepare(database, creating: access == .create, lockTimeout: lockTimeout)
        return database
    }

    /// Checks whose file it is, and lays out an empty one.
    private static func prepare(
        _ database: borrowing Database, creating: Bool, lockTimeout: Duration
    ) throws(StoreError) {
        if try database.pragma("user_version") == 0, try database.isEmpty() {
            guard creating else { throw StoreError(.missing, path: database.path, detail: "the file is empty") }
            try database.execute("PRAGMA page_size = \(Schema.pageSize)")
            try switchToWriteAheadLog(database, lockTimeout: lockTimeout)
            try database.execute("BEGIN IMMEDIATE")
            // Somebody else may have been faster between the look and the lock.
            if try database.isEmpty() { try database.execute(Schema.statements) }
            try database.execute("COMMIT")
            // So that those who open it find the layout in the header of the file.
            database.emptyLog()
        }
        guard try database.pragma("application_id") == Schema.applicationID else {
            throw StoreError(.foreign, path: database.path)
        }
        let version = try database.pragma("user_version")
        guard version <= Schema.version else {
            throw StoreError(
                .newer, path: database.path, detail: "layout \(version), this program knows \(Schema.version)")
        }
        // Earlier backups, put in place, have no log.
        if let header = database.header(), !header.isLogged, !database.isReadOnly {
            try switchToWriteAheadLog(database, lockTimeout: lockTimeout)
        }
        guard version < Schema.version else { return }
        try database.execute("BEGIN IMMEDIATE")
        // As above: somebody else may have been faster.
        let present = try database.pragma("user_version")
        if present < Schema.version { try database.execute(Schema.upgrade(from: present)) }
        try database.execute("COMMIT")
        database.emptyLog()
    }

    /// Sets the journal mode, which the file then keeps.
    ///
    /// SQLite looks at the file first and wants it for itself afterwards; of two processes that do so at once it refuses
    /// both without waiting, lest they wait for each other. So we wait here, each for a time of its own.
    private static func switchToWriteAheadLog(
        _ database: borrowing Database, lockTimeout: Duration
    ) throws(StoreError) {
        let deadline = MonotonicInstant.now + lockTimeout
        while true {
            do throws(StoreError) {
                return try database.execute("PRAGMA journal_mode = WAL")
            } catch {
                guard error.code == .busy, MonotonicInstant.now < deadline else { throw error }
                // proof: SQLite offers nothing to wait for here; only the first few users of a new file come by.
                usleep(.random(in: 1_000...20_000))
            }
        }
    }

    /// Runs `body` with the write lock: what it changed becomes visible at once, or not at all when it throws.
    ///
    /// - Parameters:
    ///   - durably: Whether the change must have reached the disk when this returns.
    ///   - body: What to do; it receives the store back.
    /// - Returns: what `body` returned.
    /// - Throws: ``TransactionFailure``; nothing was changed then.
    public mutating func transaction<Value, Failure: Error>(
        durably: Bool, _ body: (inout EmbeddedStore) throws(Failure) -> Value
    ) throws(TransactionFailure<Failure>) -> Value {
        do throws(StoreError) {
            try database.execute("PRAGMA synchronous = \(durably ? "FULL" : "NORMAL")")
            try begin()
        } catch {
            throw .store(error)
        }
        forgetWhatIsKnown()
        defer { forgetWhatIsKnown() }
        let value: Value
        do throws(Failure) {
            value = try body(&self)
        } catch {
            rollBack()
            throw .refused(error)
        }
        do throws(StoreError) {
            try database.execute("COMMIT")
        } catch {
            rollBack()
            throw .store(error)
        }
        database.shortenLog()
        return value
    }

    /// Takes the write lock, and looks at the layout, which a newer program may have changed since the last time.
    private func begin() throws(StoreError) {
        try database.execute("BEGIN IMMEDIATE")
        do throws(StoreError) {
            if try database.pragma("user_version") == Schema.version { return }
        } catch {
            rollBack()
            throw error
        }
        rollBack()
        try Self.prepare(database, creating: false, lockTimeout: lockTimeout)
        try database.execute("BEGIN IMMEDIATE")
    }

    mutating func forgetWhatIsKnown() {
        known = []
        knownOwners = []
    }

    /// Ends a transaction without its changes. A failure has no consequence: SQLite rolls back when the file is closed,
    /// and some errors have rolled back already.
    private func rollBack() { try? database.execute("ROLLBACK") }

    private static func makeFolder(of path: String) throws(StoreError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        var built = ""
        for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: true) {
            built += (built.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            guard mkdir(built, 0o755) != 0 else {
                try syncFolder(of: built, for: path)
                continue
            }
            let number = errno
            // An existing parent on a read-only file system answers EROFS; only a missing folder is an error.
            if number == EEXIST || access(built, F_OK) == 0 { continue }
            throw StoreError(systemError: number, path: path, subject: "folder \(built)")
        }
    }
}

/// What can end a transaction.
public enum TransactionFailure<Failure: Error>: Error {
    /// The body refused; nothing was changed.
    case refused(Failure)
    /// The file could not be used; nothing was changed.
    case store(StoreError)
}

extension Database {
    fileprivate func isEmpty() throws(StoreError) -> Bool {
        try first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } == 0
    }

    fileprivate func pragma(_ name: String) throws(StoreError) -> Int64 {
        try first("PRAGMA \(name)") { $0.integer(0) } ?? 0
    }
}
