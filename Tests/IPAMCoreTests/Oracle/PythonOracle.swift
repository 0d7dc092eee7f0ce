import Glibc
import Testing

/// Runs `oracle.py` beside this file and compares each answer of Python with one of ours.
struct PythonOracle: Sendable {
    /// The first lines of a failure; the rest would only repeat them.
    static let shownDifferences = 10

    let operation: String
    let seed: Int
    let count: Int

    /// How a run is repeated by hand.
    var command: String {
        let script = "\(#filePath)".replacingSuffix("PythonOracle.swift", with: "oracle.py")
        return "python3 -I '\(script.replacingQuotes)' \(operation) \(seed) \(count)"
    }

    /// Feeds every case to `answer` and returns how many there were and the first differences.
    func run(_ answer: (String) -> String) throws -> (cases: Int, differences: [String]) {
        let stream = try #require(popen(command, "r"), "popen: errno \(errno)")
        var differences: [String] = []
        var cases = 0
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while true {
            let length = getline(&line, &capacity, stream)
            guard length > 0, let bytes = line else { break }
            let text = UnsafeRawBufferPointer(start: bytes, count: length - 1)
            guard let tab = text.firstIndex(of: UInt8(ascii: "\t")) else { break }
            let input = String(decoding: text[..<tab], as: UTF8.self)
            let expected = String(decoding: text[(tab + 1)...], as: UTF8.self)
            cases += 1
            let found = answer(input)
            if found != expected {
                differences.append("\(input): expected \(expected), found \(found)")
                if differences.count == Self.shownDifferences { break }
            }
        }
        let status = pclose(stream)
        // A reader that stops at a difference leaves the writer with a broken pipe.
        if differences.isEmpty { try #require(status == 0, "wait status \(status) of: \(command)") }
        return (cases, differences)
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + other : self
    }

    /// The text as it can stand between single quotes of a shell.
    fileprivate var replacingQuotes: String {
        split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    }
}
