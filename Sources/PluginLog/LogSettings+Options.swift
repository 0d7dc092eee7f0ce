public import JSONTree

extension LogSettings {
    /// Reads the object `logOptions` of a plugin's configuration: `logLevel`, `logFile`, `logMaxSize` (MB), `logMaxAge`
    /// (days), `logMaxCount`.
    ///
    /// Every key has its own default. A size of 0 stands for 100, an age or a count of 0 for no limit; a negative age
    /// stands for 30 days, a negative count for 10 files.
    ///
    /// - Parameters:
    ///   - options: The object; `nil` when there is none.
    ///   - path: The file, unless `logFile` names one.
    /// - Throws: `JSONFieldError` with the path of the key that is wrong.
    public init(options: JSONFieldReader?, path: String) throws(JSONFieldError) {
        self.init(path: path)
        level = .debug
        maximumDays = nil
        maximumFiles = nil
        guard let options else { return }
        for key in Self.optionKeys { try read(key, from: options) }
    }

    /// Reads what can be read of `logOptions`; keys with mistakes count as absent.
    ///
    /// - Parameters:
    ///   - options: The object; `nil` when there is none.
    ///   - path: The file, unless `logFile` names one.
    public init(lenientOptions options: JSONFieldReader?, path: String) {
        self.init(path: path)
        level = .debug
        maximumDays = nil
        maximumFiles = nil
        guard let options else { return }
        for key in Self.optionKeys { try? read(key, from: options) }
    }

    private static let optionKeys = ["logLevel", "logFile", "logMaxSize", "logMaxAge", "logMaxCount"]

    private mutating func read(_ key: String, from options: JSONFieldReader) throws(JSONFieldError) {
        switch key {
        case "logLevel":
            level = try Self.level(options) ?? level
        case "logFile":
            path =
                try options.parsed(at: key, expected: "an absolute path") { text in
                    text.isEmpty ? path : text.hasPrefix("/") ? text : nil
                } ?? path
        case "logMaxSize":
            let size = try options.integer(at: key, in: Int64(Int32.min)...1_000_000)
            if let size { maximumMegabytes = size > 0 ? Int(size) : 100 }
        case "logMaxAge":
            let days = try options.integer(at: key, in: Int64(Int32.min)...1_000_000)
            if let days { maximumDays = days == 0 ? nil : days > 0 ? Int(days) : 30 }
        default:
            let files = try options.integer(at: key, in: Int64(Int32.min)...1_000_000)
            if let files { maximumFiles = files == 0 ? nil : files > 0 ? Int(files) : 10 }
        }
    }

    /// An empty word counts as absent.
    private static func level(_ options: JSONFieldReader) throws(JSONFieldError) -> Level? {
        guard try options.string(at: "logLevel") != "" else { return nil }
        return try options.parsed(at: "logLevel", expected: levelWords) { Level(word: $0) }
    }
}
