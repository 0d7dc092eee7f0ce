internal import JSONTree

/// Where and how the plugin logs: the `log_…` keys of the `ipam` section.
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

        /// The less important first.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        /// Reads a level; `fatal` and `panic` of existing configurations stand for the highest there is.
        init?(word: String) {
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
    public var path = "/var/log/spidernet/spiderpool.log"
    /// Size in megabytes at which a new file is begun.
    public var maximumMegabytes = 100
    /// Days after which an old file is removed.
    public var maximumDays = 30
    /// Number of old files that are kept.
    public var maximumFiles = 7

    /// The defaults.
    public init() {}

    /// Reads the keys; the numbers may also be written as text.
    init(_ ipam: JSONFieldReader) throws(JSONFieldError) {
        try read(Self.keys, from: ipam)
    }

    /// Reads what can be read; keys with mistakes count as absent.
    init(lenient ipam: JSONFieldReader) {
        for key in Self.keys { try? read([key], from: ipam) }
    }

    private static let keys = [
        "log_level", "log_file_path", "log_file_max_size", "log_file_max_age", "log_file_max_count",
    ]

    private mutating func read(_ keys: [String], from ipam: JSONFieldReader) throws(JSONFieldError) {
        for key in keys {
            switch key {
            case "log_level":
                let words = "debug, info, warn, error, fatal or panic"
                level = try ipam.parsed(at: key, expected: words) { Level(word: $0) } ?? level
            case "log_file_path":
                path = try ipam.string(at: key).flatMap { $0.isEmpty ? nil : $0 } ?? path
            case "log_file_max_size":
                maximumMegabytes = try Self.number(at: key, in: ipam) ?? maximumMegabytes
            case "log_file_max_age":
                maximumDays = try Self.number(at: key, in: ipam) ?? maximumDays
            default:
                maximumFiles = try Self.number(at: key, in: ipam) ?? maximumFiles
            }
        }
    }

    /// A number of 1 to a million; 0 and negative ones stand for the default.
    private static func number(at key: String, in ipam: JSONFieldReader) throws(JSONFieldError) -> Int? {
        guard let value = ipam.value(at: key) else { return nil }
        let number = value.int64Value ?? value.stringValue.flatMap { Int64($0) }
        guard let number, number <= 1_000_000 else {
            throw ipam.error(at: key, expected: "a number, as 100 or \"100\", up to 1000000")
        }
        return number > 0 ? Int(number) : nil
    }
}
