/// Where and how a plugin logs.
public struct LogSettings: Sendable, Hashable {
    /// How important a line is.
    public enum Level: Int, Sendable, Hashable, Comparable {
        /// Everything.
        case debug
        /// What was done.
        case info
        /// What an administrator should look at.
        case warn
        /// What was refused or failed.
        case error

        /// The word for it in the log, spelt out since plugins have no reflection metadata to take it from.
        var word: String {
            switch self {
            case .debug: "DEBUG"
            case .info: "INFO"
            case .warn: "WARN"
            case .error: "ERROR"
            }
        }

        /// The less important first.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        /// Reads a level; `fatal` and `panic` of existing configurations stand for the highest there is.
        public init?(word: String) {
            switch word.lowercased() {
            case "debug": self = .debug
            case "info": self = .info
            case "warn": self = .warn
            case "error", "fatal", "panic": self = .error
            default: return nil
            }
        }
    }

    /// Lines below this level are not written.
    public var level = Level.info
    /// The file.
    public var path: String
    /// Size in megabytes at which a new file is begun.
    public var maximumMegabytes = 100
    /// Days after which an old file is removed; `nil` for no limit.
    public var maximumDays: Int? = 30
    /// Number of old files that are kept; `nil` for no limit.
    public var maximumFiles: Int? = 7

    /// The words that a level is given by.
    public static let levelWords = "debug, info, warn, error, fatal or panic"

    /// The defaults, for a file.
    public init(path: String) { self.path = path }
}
