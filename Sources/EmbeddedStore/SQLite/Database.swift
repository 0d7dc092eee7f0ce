internal import CSQLite
internal import Glibc

/// A connection to one SQLite file; closed when the value ends.
struct Database: ~Copyable {
    let path: String
    let handle: OpaquePointer
    private let lockTimeoutMilliseconds: Int32
    private let statements: StatementCache

    /// How a file is opened.
    enum Access {
        case readWrite
        case create
    }

    init(path: String, access: Access, lockTimeout: Duration) throws(StoreError) {
        let (seconds, attoseconds) = lockTimeout.components
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
            | (access == .create ? SQLITE_OPEN_CREATE : 0)
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened, code == SQLITE_OK else {
            let detail = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            let systemError = opened.map { sqlite3_system_errno($0) } ?? 0
            sqlite3_close_v2(opened)
            throw StoreError(sqlite: code, systemError: systemError, path: path, detail: detail)
        }
        self.path = path
        lockTimeoutMilliseconds = Int32(
            truncatingIfNeeded: min(max(seconds, 0), 3600) * 1000 + attoseconds / 1_000_000_000_000_000)
        handle = opened
        statements = StatementCache()
        sqlite3_busy_timeout(handle, lockTimeoutMilliseconds)
        sqlite3_wal_autocheckpoint(handle, 0)
        _ = csqlite_keep_wal_on_close(handle)
        _ = csqlite_refuse_unsafe_schema(handle)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Opens the log for this connection alone, unless others use the file; until it closes, they wait as for any lock.
    ///
    /// What is known about the log then lies in this process. Otherwise it lies in a file that processes share, which each
    /// one that comes when nobody else is there empties and lays out anew: a tenth of a plugin's time.
    func openLogAlone() {
        sqlite3_busy_timeout(handle, 0)
        // The second opens the log. Whatever is wrong with the file comes up again where it is reported.
        if sqlite3_exec(handle, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous", nil, nil, nil) != SQLITE_OK {
            sqlite3_exec(handle, "PRAGMA locking_mode = NORMAL", nil, nil, nil)
        }
        sqlite3_busy_timeout(handle, lockTimeoutMilliseconds)
    }

    /// The size at which the write-ahead log is copied back into the file.
    private static let longestLogBytes: off_t = 128 << 10

    /// Empties the write-ahead log when it has become long.
    ///
    /// Every process that finds the file unused reads the whole log when it opens it, and cannot see that a part of it
    /// was copied back already; so the usual way of SQLite, to copy and to start over later, would let it grow for ever.
    /// A log that is in use by others stays; whoever commits next tries again.
    func shortenLog() {
        var status = stat()
        guard stat(path + "-wal", &status) == 0, status.st_size > Self.longestLogBytes else { return }
        emptyLog()
    }

    /// Copies the write-ahead log back into the file, unless others use it.
    func emptyLog() {
        sqlite3_busy_timeout(handle, 0)
        sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        sqlite3_busy_timeout(handle, lockTimeoutMilliseconds)
    }

    /// Runs statements that take no parameters and return nothing.
    func execute(_ sql: String) throws(StoreError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// Binds the parameters of a statement in order, and hands each row to `body` until it returns `false`.
    ///
    /// The statement is prepared once and kept for the next time.
    func query(_ sql: String, _ parameters: [Value] = [], row body: (borrowing Row) -> Bool) throws(StoreError) {
        var prepared = statements.take(sql)
        if prepared == nil { try check(sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)) }
        guard let statement = prepared else { return }
        // The reason of a failure must be read before the statement is reset.
        defer { statements.giveBack(statement, of: sql) }
        for (index, parameter) in parameters.enumerated() {
            try check(parameter.bind(to: statement, at: Int32(index + 1)))
        }
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw failure(code) }
            guard body(Row(statement: statement)) else { return }
        }
    }

    /// Runs a statement that returns no rows.
    func run(_ sql: String, _ parameters: [Value] = []) throws(StoreError) {
        try query(sql, parameters) { _ in true }
    }

    /// The first column of the first row, made by `read`; `nil` when there is no row.
    func first<Result>(
        _ sql: String, _ parameters: [Value] = [], read: (borrowing Row) -> Result
    ) throws(StoreError) -> Result? {
        var result: Result?
        try query(sql, parameters) { row in
            result = read(row)
            return false
        }
        return result
    }

    /// The number of the row that was inserted last.
    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// How many rows the last `INSERT`, `UPDATE` or `DELETE` changed.
    var changedRows: Int32 { sqlite3_changes(handle) }

    /// Whether the file can be read but not written.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// What the header of the file says, as it is without the log.
    struct Header: Equatable {
        /// `user_version`, offset 60.
        var version: Int64
        /// `application_id`, offset 68.
        var applicationID: Int64
        /// Whether changes go to a write-ahead log: the format versions at ``formatOffset`` are ``loggedFormat``.
        var isLogged: Bool

        static let formatOffset = 18
        static let loggedFormat: [UInt8] = [2, 2]
    }

    /// The header; `nil` when the file has none yet.
    func header() -> Header? {
        var bytes = [UInt8](repeating: 0, count: 72)
        guard csqlite_read_header(handle, &bytes, Int32(bytes.count)) == SQLITE_OK else { return nil }
        func number(at offset: Int) -> Int64 {
            Int64(bytes[offset]) << 24 | Int64(bytes[offset + 1]) << 16 | Int64(bytes[offset + 2]) << 8
                | Int64(bytes[offset + 3])
        }
        return Header(
            version: number(at: 60), applicationID: number(at: 68),
            isLogged: Array(bytes[Header.formatOffset...].prefix(2)) == Header.loggedFormat)
    }

    private func check(_ code: Int32) throws(StoreError) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> StoreError {
        let error = StoreError(
            sqlite: code, systemError: sqlite3_system_errno(handle), path: path,
            detail: String(cString: sqlite3_errmsg(handle)))
        guard error.code == .busy, let holder = LockHolder(ofStateFile: path) else { return error }
        return StoreError(.busy, path: path, detail: "\(holder) holds the lock")
    }
}

/// A parameter of a statement.
enum Value {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null

    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .integer(let value):
            return sqlite3_bind_int64(statement, index, value)
        case .text(var value):
            return value.withUTF8 { bytes in
                // An empty buffer may have no address, and SQLite takes a missing address for NULL.
                guard let address = bytes.baseAddress else { return csqlite_bind_text(statement, index, "", 0) }
                return address.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    csqlite_bind_text(statement, index, $0, Int32(bytes.count))
                }
            }
        case .blob(let value):
            return value.withUnsafeBytes { csqlite_bind_blob(statement, index, $0.baseAddress, Int32($0.count)) }
        case .null:
            return sqlite3_bind_null(statement, index)
        }
    }
}

/// The present row of a running query; valid only inside the closure that receives it.
struct Row: ~Copyable {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func text(_ column: Int32) -> String {
        guard let text = sqlite3_column_text(statement, column) else { return "" }
        return String(cString: text)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, column))
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
}
