internal import CSQLite
internal import Glibc

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
    ///
    /// - Parameters:
    ///   - code: The extended result code.
    ///   - systemError: The `errno` behind it, 0 when there is none; it tells more where a file could not be opened,
    ///     read or written.
    ///   - path: Path of the file.
    ///   - detail: What SQLite says.
    init(sqlite code: Int32, systemError: Int32 = 0, path: String, detail: String) {
        let isOfSystem = [SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_PERM].contains(code & 0xff)
        if isOfSystem, systemError != 0 {
            let folder = folderName(of: path)
            if systemError == ENOENT, let reason = Self.whyNothingCanBeMade(in: folder) {
                self.init(systemError: reason, path: path, subject: "no file can be made in \(folder)")
            } else {
                let otherwise: Code? = code & 0xff == SQLITE_IOERR ? .inputOutput : nil
                self.init(systemError: systemError, path: path, otherwise: otherwise)
            }
            return
        }
        let mapped: Code =
            switch code & 0xff {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
            case SQLITE_READONLY: .readOnly
            case SQLITE_FULL: .full
            case SQLITE_NOTADB: .foreign
            // Our statements fit our tables: when they do not, the tables are not what they were.
            case SQLITE_CORRUPT, SQLITE_CONSTRAINT, SQLITE_ERROR: .damaged
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .notPermitted
            default: .inputOutput
            }
        self.init(mapped, path: path, detail: detail)
    }

    /// Translates an `errno` of the system.
    ///
    /// - Parameters:
    ///   - number: The `errno`.
    ///   - path: Path of the file.
    ///   - subject: What it happened to, when that is not the file itself.
    ///   - otherwise: The code for numbers that have none of their own; ``Code/notPermitted`` unless given.
    init(systemError number: Int32, path: String, subject: String = "", otherwise: Code? = nil) {
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT, EFBIG: .full
            case EROFS: .readOnly
            case EACCES, EPERM: .notPermitted
            default: otherwise ?? .notPermitted
            }
        let text = String(cString: strerror(number))
        self.init(code, path: path, detail: subject.isEmpty ? text : "\(subject): \(text)")
    }

    /// The `errno` that a new file in a folder would meet. SQLite, which makes two beside its own, tries to do without
    /// them and then says that they are missing.
    private static func whyNothingCanBeMade(in folder: String) -> Int32? {
        if access(folder, W_OK | X_OK) != 0 { return errno }
        var system = statvfs()
        guard statvfs(folder, &system) == 0, system.f_files > 0, system.f_ffree == 0 else { return nil }
        return ENOSPC
    }

    /// What an administrator can do about it.
    public var remedy: String {
        switch code {
        case .missing: "create it by applying a pool: spiderpoolctl --store \(path) apply -f FILE"
        case .notPermitted:
            "check that the path leads to a file in an existing folder, and that the user may write there"
        case .busy: "try again; if it persists, look what that process waits for, or end it"
        case .readOnly:
            "make the file, its folder and its file system writable, or set another path with the key ipam.store"
        case .full: "free space on the file system; nothing was changed"
        case .foreign: "check the path; the file was left untouched"
        case .damaged: "run spiderpoolctl --store \(path) check --repair, or restore a backup; nothing was changed"
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
