import JSONTree
import ManifestFile
import Testing

struct ScalarRow: Sendable, CustomTestStringConvertible {
    let text: String
    let value: JSONValue
    var testDescription: String { text }

    init(_ text: String, _ value: JSONValue) {
        self.text = text
        self.value = value
    }
}

@Suite struct YAMLTypeTests {
    @Test(
        "what a scalar means",
        arguments: [
            ScalarRow("10.6.0.1", "10.6.0.1"), ScalarRow("10.6.0.0/16", "10.6.0.0/16"), ScalarRow("fd00::1", "fd00::1"),
            ScalarRow("::1", "::1"), ScalarRow("10.6.0.1-10.6.0.9", "10.6.0.1-10.6.0.9"), ScalarRow("12:30", "12:30"),
            ScalarRow("0a:1b:ac:16:04:0a", "0a:1b:ac:16:04:0a"), ScalarRow("2026-01-31", "2026-01-31"),
            ScalarRow("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"), ScalarRow("yes", "yes"), ScalarRow("No", "No"),
            ScalarRow("on", "on"), ScalarRow("off", "off"), ScalarRow("y", "y"), ScalarRow("true", true),
            ScalarRow("TRUE", true), ScalarRow("False", false), ScalarRow("tRue", "tRue"), ScalarRow("null", nil),
            ScalarRow("~", nil), ScalarRow("", nil), ScalarRow("nil", "nil"), ScalarRow("4", 4), ScalarRow("-4", -4),
            ScalarRow("+4", 4), ScalarRow("+-4", "+-4"), ScalarRow("0", 0), ScalarRow("007", "007"),
            ScalarRow("1_000", "1_000"),
            ScalarRow("0x1F", 31), ScalarRow("0o17", 15), ScalarRow("0x", "0x"), ScalarRow("0x+1", "0x+1"),
            ScalarRow("1.5", .number(JSONNumber(text: "1.5") ?? JSONNumber(0))),
            ScalarRow("1e3", .number(JSONNumber(text: "1e3") ?? JSONNumber(0))), ScalarRow(".inf", ".inf"),
            ScalarRow(".nan", ".nan"), ScalarRow("1.2.3", "1.2.3"), ScalarRow("'4'", "4"),
            ScalarRow("\"true\"", "true"),
            ScalarRow("\"\"", ""), ScalarRow("!!str 4", "4"), ScalarRow("!!int 4", 4), ScalarRow("!!str", ""),
            ScalarRow("!!bool true", true), ScalarRow("! 4", "4"), ScalarRow("a *b", "a *b"), ScalarRow("\"*b\"", "*b"),
            ScalarRow("'v4-*'", "v4-*"), ScalarRow("v4-*", "v4-*"), ScalarRow("|\n  *b\n  yes\n", "*b\nyes\n"),
            ScalarRow(">-\n  a\n  b\n", "a b"), ScalarRow("\"\\u00e9\\x41\\n\"", "éA\n"),
        ])
    func scalar(row: ScalarRow) throws {
        let file = try ManifestFile("a: \(row.text)\n", named: "f")
        #expect(file.documents.map(\.tree) == [["a": row.value]])
    }

    @Test("anchors, aliases and merge keys")
    func anchors() throws {
        let text = """
            base: &base {x: 1, y: 2}
            list: &list [a, *base]
            one:
              <<: *base
              y: 3
            two:
              z: 0
              <<: [{x: 9}, *base]
            same: *list
            again: &base 5
            now: *base
            "<<": text
            """
        let tree = try #require(try ManifestFile(text, named: "f").documents.first?.tree)
        #expect(tree["one"] == ["x": 1, "y": 3])
        #expect(tree["two"] == ["z": 0, "x": 9, "y": 2])
        #expect(tree["same"] == ["a", ["x": 1, "y": 2]])
        #expect(tree["now"] == 5)
        #expect(tree["<<"] == "text")
    }

    @Test("anchors end with their document")
    func anchorScope() {
        #expect(throws: ManifestErrors.self) { try ManifestFile("a: &x 1\n---\nb: *x\n", named: "f") }
    }
}
