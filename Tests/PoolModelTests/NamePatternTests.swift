import Foundation
import PoolModel
import Testing

struct PatternRow: Sendable, CustomTestStringConvertible {
    let pattern: String
    let matching: [String]
    let other: [String]
    var testDescription: String { pattern }
}

@Suite struct NamePatternTests {
    @Test(
        "matches",
        arguments: [
            PatternRow(pattern: "*", matching: ["", "a", "a.b-c"], other: ["a/b", "/"]),
            PatternRow(pattern: "v4-*", matching: ["v4-", "v4-a"], other: ["v4", "xv4-a", "v6-a"]),
            PatternRow(pattern: "*-v4", matching: ["-v4", "a-v4", "-v4-v4"], other: ["a-v4x"]),
            PatternRow(pattern: "a?c", matching: ["abc", "a-c"], other: ["ac", "abbc", "a/c"]),
            PatternRow(pattern: "p[a-c]", matching: ["pa", "pb", "pc"], other: ["pd", "p", "pab"]),
            PatternRow(pattern: "p[^a-c]", matching: ["pd", "p0"], other: ["pa", "p", "p/"]),
            PatternRow(pattern: "p[ac-e9]", matching: ["pa", "pd", "p9"], other: ["pb", "p8"]),
            PatternRow(pattern: #"p\*"#, matching: ["p*"], other: ["p", "pa"]),
            PatternRow(pattern: #"p[\]\-\^]"#, matching: ["p]", "p-", "p^"], other: ["p\\"]),
            PatternRow(pattern: "a*b*c", matching: ["abc", "axbxc", "abbcbc"], other: ["acb", "ab"]),
            PatternRow(pattern: "**a", matching: ["a", "xa"], other: ["ab"]),
        ])
    func matches(row: PatternRow) throws {
        let pattern = try NamePattern(parsing: row.pattern)
        for name in row.matching { #expect(pattern.matches(name), "\(name)") }
        for name in row.other { #expect(!pattern.matches(name), "\(name)") }
    }

    @Test("malformed", arguments: ["[", "[]", "[a", "[^]", "[a-]", "[-a]", "[z-a]", #"a\"#, #"[\"#, "[a-", "*["])
    func malformed(text: String) {
        #expect(throws: NamePattern.ParseError.self) { try NamePattern(parsing: text) }
    }

    @Test("what counts as a pattern")
    func isPattern() {
        for text in ["*", "a?", "[a]", "a]b["] { #expect(NamePattern.isPattern(text), "\(text)") }
        for text in ["", "rack-a", "[a", "a]", #"a\b"#] { #expect(!NamePattern.isPattern(text), "\(text)") }
    }

    @Test("many wildcards on a long name end quickly")
    func noBlowUp() throws {
        let pattern = try NamePattern(parsing: String(repeating: "*a", count: 60) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 250)))
    }

    @Test("agrees with an obvious matcher on random patterns", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) throws {
        var random = TestRandom(state: seed)
        for _ in 0..<20_000 {
            let text = Self.randomText(from: ["*", "?", "a", "b", "/", "[ab]", "[^a]", "\\a"], upTo: 6, &random)
            let name = Self.randomText(from: ["a", "b", "c", "/"], upTo: 7, &random)
            let pattern = try NamePattern(parsing: text)
            let expected = Self.slowMatch(Array(text)[...], Array(name)[...])
            #expect(pattern.matches(name) == expected, "seed \(seed): \(text) on \(name)")
        }
    }

    @Test("agrees with Python's fnmatch where both mean the same")
    func oracle() throws {
        var random = TestRandom(state: 7)
        let pairs = (0..<5_000).map { _ in
            [
                Self.randomText(from: ["*", "?", "a", "b", "-", ".", "[a-c]", "[b9]"], upTo: 7, &random),
                Self.randomText(from: ["a", "b", "c", "-", ".", "9"], upTo: 9, &random),
            ]
        }
        let script = """
            import sys, fnmatch
            for line in sys.stdin:
                pattern, name = line.rstrip("\\n").split(" ")
                print(int(fnmatch.fnmatchcase(name, pattern)))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let input = FileManager.default.temporaryDirectory.appendingPathComponent("patterns-\(UUID().uuidString)")
        try pairs.map { $0.joined(separator: " ") + "\n" }.joined().write(to: input, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: input) }
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = output
        try process.run()
        let answers = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n")
        process.waitUntilExit()
        try #require(answers.count == pairs.count)
        for (pair, answer) in zip(pairs, answers) {
            #expect(try NamePattern(parsing: pair[0]).matches(pair[1]) == (answer == "1"), "\(pair)")
        }
    }

    private static func randomText(from parts: [String], upTo count: Int, _ random: inout TestRandom) -> String {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in
            parts[Int.random(in: 0..<parts.count, using: &random)]
        }.joined()
    }

    /// Tries everything; classes are the four-letter `[ab]` and `[^a]` that the test makes.
    private static func slowMatch(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "*":
            if slowMatch(rest, name) { return true }
            return name.first.map { $0 != "/" } == true && slowMatch(pattern, name.dropFirst())
        case "?": return name.first.map { $0 != "/" } == true && slowMatch(rest, name.dropFirst())
        case "[":
            guard let letter = name.first, letter != "/" else { return false }
            let negated = rest.first == "^"
            let accepted = negated ? letter != "a" : letter == "a" || letter == "b"
            return accepted && slowMatch(pattern.dropFirst(4), name.dropFirst())
        case "\\": return name.first == rest.first && slowMatch(rest.dropFirst(), name.dropFirst())
        default: return name.first == first && slowMatch(rest, name.dropFirst())
        }
    }
}
