internal import CSQLite

/// Why the file that holds the state could not be used.
public struct StoreError: Error, Sendable, Hashable {
    /// What is wrong; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The file does not exist.
        public static let missing = Self(rawValue: "does not exist")
        /// The file or its folder may not be opened.
        public static let notPermitted = Self(rawValue: "may not be opened")
        /// Others kept the write lock for too long.
        public static let busy = Self(rawValue: "is locked by another process")
        /// The file system is read-only, or the file is.
        public static let readOnly = Self(rawValue: "is read-only")
        /// No space is left.
        public static let full = Self(rawValue: "cannot grow: the disk is full")
        /// The file is a database of something else, or no database.
        public static let foreign = Self(rawValue: "is not a state file of this program")
        /// The content is damaged.
        public static let damaged = Self(rawValue: "is damaged")
        /// A newer version of this program made it.
        public static let newer = Self(rawValue: "was written by a newer version")
        /// Reading or writing failed below.
        public static let inputOutput = Self(rawValue: "cannot be read or written")
    }

    /// What is wrong.
    public let code: Code
    /// Path of the file.
    public let path: String
    /// What the system or SQLite said; may be empty.
    public let detail: String

    /// Makes an error.
    public init(_ code: Code, path: String, detail: String = "") {
        self.code = code
        self.path = path
        self.detail = detail
    }

    /// Translates a result code of SQLite.
    init(sqlite code: Int32, path: String, detail: String) {
        let mapped: Code =
            switch code & 0xff {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
            case SQLITE_READONLY: .readOnly
            case SQLITE_FULL: .full
            case SQLITE_NOTADB: .foreign
            case SQLITE_CORRUPT: .damaged
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .notPermitted
            default: .inputOutput
            }
        self.init(mapped, path: path, detail: detail)
    }

    /// What an administrator can do about it.
    public var remedy: String {
        switch code {
        case .missing: "create it by applying a pool: spiderpoolctl --store \(path) apply -f FILE"
        case .notPermitted: "check that the folder exists and that the user may write in it"
        case .busy: "try again; if it persists, look for a process that holds the file open"
        case .readOnly: "remount the file system read-write, or place the state elsewhere with the key ipam.store"
        case .full: "free space on the file system; nothing was changed"
        case .foreign: "check the path; the file was left untouched"
        case .damaged: "move it away and restore it from a backup; it was left untouched"
        case .newer: "use the newer program; the file was left untouched"
        default: "look at the kernel log for errors of the disk"
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// `state file PATH <what is wrong> (detail); <remedy>`, in one line.
    public var description: String {
        "state file \(path) \(code.rawValue)\(detail.isEmpty ? "" : " (\(detail))"); \(remedy)"
    }
}
