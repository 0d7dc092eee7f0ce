internal import JSONTree
internal import PluginLog

/// The `log_…` keys of the `ipam` section.
extension LogSettings {
    /// Where `ipam` logs unless its configuration says otherwise.
    static let ipamPath = "/var/log/spidernet/spiderpool.log"

    /// Reads the keys; the numbers may also be written as text.
    init(_ ipam: JSONFieldReader) throws(JSONFieldError) {
        self.init(path: Self.ipamPath)
        for key in Self.ipamKeys { try read(key, from: ipam) }
    }

    /// Reads what can be read; keys with mistakes count as absent.
    init(lenient ipam: JSONFieldReader) {
        self.init(path: Self.ipamPath)
        for key in Self.ipamKeys { try? read(key, from: ipam) }
    }

    private static let ipamKeys = [
        "log_level", "log_file_path", "log_file_max_size", "log_file_max_age", "log_file_max_count",
    ]

    private mutating func read(_ key: String, from ipam: JSONFieldReader) throws(JSONFieldError) {
        switch key {
        case "log_level":
            level = try ipam.parsed(at: key, expected: Self.levelWords) { Level(word: $0) } ?? level
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
