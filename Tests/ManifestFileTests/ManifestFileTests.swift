import JSONTree
import ManifestFile
import PoolModel
import Testing

struct BrokenRow: Sendable, CustomTestStringConvertible {
    let id: String
    let text: String
    /// How the first error begins.
    let start: String
    /// What it contains further on.
    let contains: String
    var testDescription: String { id }
}

@Suite struct ManifestFileTests {
    static let two = """
        # two pools
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: rack-a}
        spec:
          subnet: 10.6.0.0/16
          ips:
          - 10.6.0.1
          - 10.6.0.5-10.6.0.9
          default: true
        ---
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderReservedIP
        metadata:
          name: printers
          creationTimestamp: 2026-01-31T12:00:00Z
        spec:
          ips: [fd00::1, "fd00::5-fd00::9"]
        """

    @Test("several documents of several kinds, empty ones left out")
    func documents() throws {
        let file = try ManifestFile(Self.two, named: "pools.yaml")
        let resources = try file.resources()
        #expect(resources.map(\.resource.name) == ["rack-a", "printers"])
        let pool = try #require(resources[0].resource as? SpiderIPPool)
        #expect(pool.spec.ips == ["10.6.0.1", "10.6.0.5-10.6.0.9"])
        #expect(pool.spec.isDefault)
        let reservation = try #require(resources[1].resource as? SpiderReservedIP)
        #expect(reservation.spec.ips == ["fd00::1", "fd00::5-fd00::9"])
        #expect(reservation.metadata.creationTimestamp == "2026-01-31T12:00:00Z")
        #expect(file.documents.map(\.index) == [1, 2])
    }

    @Test("the same in JSON, as an array, and as a List, in either format")
    func otherForms() throws {
        let trees = try ManifestFile(Self.two, named: "a.yaml").documents.map(\.tree)
        let array = JSONValue.array(trees)
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": array]
        for text in [
            array.text(), array.text(.pretty), list.text(.pretty), array.yaml, list.yaml,
            JSONValue.yaml(documents: trees),
        ] {
            let file = try ManifestFile(text, named: "b")
            #expect(file.documents.map(\.tree) == trees)
            #expect(file.documents.map(\.index) == [1, 2])
            #expect(try file.resources().count == 2)
        }
    }

    @Test("nothing", arguments: ["", "\n", "# only a comment\n", "---\n---\n", "null"])
    func empty(text: String) throws {
        #expect(try ManifestFile(text, named: "a.yaml").documents.isEmpty)
    }

    @Test("one bad document refuses the file, and all mistakes have file, line and document")
    func allOrNothing() throws {
        let text = Self.two.replacing("subnet:", with: "subnets:").replacing("[fd00::1, ", with: "[1, ")
        let file = try ManifestFile(text, named: "pools.yaml")
        let error = try #require(throws: ManifestErrors.self) { try file.resources() }
        #expect(
            "\(error)".split(separator: "\n") == [
                "pools.yaml:6: document 1, SpiderIPPool \"rack-a\": spec.subnets: Forbidden: unknown field; did you mean \"subnet\"?",
                "pools.yaml:5: document 1, SpiderIPPool \"rack-a\": spec.subnet: Required value: a value is needed here: a string",
                "pools.yaml:19: document 2, SpiderReservedIP \"printers\": spec.ips[0]: Invalid value: \"1\": "
                    + "expected a string, got number; put the value in quotes",
            ])
        #expect(error.errors.map { $0.field?.path.description } == ["spec.subnets", "spec.subnet", "spec.ips[0]"])
    }

    @Test("lines of fields in YAML and JSON")
    func lines() throws {
        let ips = JSONFieldPath.spec.appending("ips")
        let yaml = try ManifestFile(Self.two, named: "a.yaml").documents
        #expect(yaml[0].line(of: ips) == 7)
        #expect(yaml[0].line(of: ips.appending(1)) == 9)
        #expect(yaml[0].line(of: ips.appending(7)) == 7)
        #expect(yaml[0].line(of: .spec.appending("gateway")) == 5)
        #expect(yaml[1].line(of: .metadata.appending("name")) == 16)
        let text =
            "{\n \"spec\":\n  {\"a\\n\\\"\": [1,\n   {}, \"x]\"],\n \"subnet\" : true}, \"e\": {}, \"f\": [ ]\n}\n"
        let json = try ManifestFile(text, named: "a.json").documents
        #expect(json[0].line(of: .root) == 1)
        #expect(json[0].line(of: .spec) == 3)
        #expect(json[0].line(of: .spec.appending("a\n\"").appending(1)) == 4)
        #expect(json[0].line(of: .spec.appending("subnet")) == 5)
        let list = try ManifestFile("[\n{\"spec\": {}},\n{\n\"spec\":\n{}}]", named: "a.json").documents
        #expect(list[1].line(of: .spec) == 5)
        #expect(list[1].line(of: .status) == 3)
    }

    @Test(
        "mistakes of the text",
        arguments: [
            BrokenRow(
                id: "YAML syntax", text: "a: 1\nb: [1,\n", start: "f.yaml:3: document 1: not YAML: ", contains: "flow"),
            BrokenRow(id: "tab", text: "a:\n\tb: 1\n", start: "f.yaml:2: document 1: not YAML: ", contains: "token"),
            BrokenRow(
                id: "second document", text: "a: 1\n---\nb: 'x\n", start: "f.yaml:4: document 2: not YAML: ",
                contains: "quoted"),
            BrokenRow(
                id: "duplicate key", text: "a: 1\nb: 2\na: 3\n", start: "f.yaml:",
                contains: "the key \"a\" stands twice"),
            BrokenRow(
                id: "duplicate key in other quotes", text: "a: 1\n\"a\": 3\n", start: "f.yaml:",
                contains: "the key \"a\" stands twice"),
            BrokenRow(id: "duplicate key in JSON", text: "{\"a\": 1,\n\"a\": 2}", start: "f.yaml:", contains: "twice"),
            BrokenRow(
                id: "unknown alias", text: "a: 1\nb: *x\n", start: "f.yaml:2: document 1: the alias \"*x\"",
                contains: "&x"),
            BrokenRow(
                id: "alias to itself", text: "a: &x [*x]\n", start: "f.yaml:1: document 1: the alias \"*x\"",
                contains: "&x"),
            BrokenRow(
                id: "alias as key", text: "a: &x b\n*x : 1\n", start: "f.yaml:2: document 1: a key",
                contains: "plain text"),
            BrokenRow(
                id: "list as key", text: "? [a]\n: 1\n", start: "f.yaml:1: document 1: a key", contains: "plain text"),
            BrokenRow(
                id: "foreign tag", text: "a: !secret x\n", start: "f.yaml:1: document 1: the tag !secret",
                contains: "remove"),
            BrokenRow(
                id: "binary", text: "a: !!binary aGk=\n", start: "f.yaml:1: document 1: the tag !!binary",
                contains: "remove"),
            BrokenRow(
                id: "tagged list", text: "a: !!set [1]\n", start: "f.yaml:1: document 1: the tag !!set",
                contains: "remove"),
            BrokenRow(
                id: "wrong tag", text: "a: !!int x\n", start: "f.yaml:1: document 1: \"x\" is not", contains: "tag"),
            BrokenRow(
                id: "merge of a text", text: "a:\n  <<: x\n", start: "f.yaml:2: document 1: \"<<\" takes",
                contains: "object"),
            BrokenRow(id: "private character", text: "a: \u{E000}\n", start: "f.yaml: ", contains: "U+E000"),
            BrokenRow(
                id: "private character, escaped", text: "a: \"\\uE000\"\n", start: "f.yaml: ", contains: "U+E000"),
            BrokenRow(
                id: "control character", text: "a: \u{1}\n", start: "f.yaml: document 1: not YAML: ",
                contains: "control"),
            BrokenRow(
                id: "too deep", text: String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
                start: "f.yaml:1: document 1: nested more than 64", contains: "flatten"),
            BrokenRow(
                id: "much too deep", text: String(repeating: "[", count: 100_000),
                start: "f.yaml:1: document 1: not YAML: ",
                contains: ""),
            BrokenRow(
                id: "much too deep in blocks", text: String(repeating: "- ", count: 100_000),
                start: "f.yaml:1: document 1: not YAML: ", contains: ""),
        ])
    func broken(row: BrokenRow) throws {
        let error = try #require(throws: ManifestErrors.self) { try ManifestFile(row.text, named: "f.yaml") }
        let text = "\(error.errors[0])"
        #expect(text.hasPrefix(row.start) && text.contains(row.contains), "\(text)")
        #expect(!text.contains("\u{E000}"))
    }

    @Test("a .json file is JSON and nothing else")
    func strictJSON() throws {
        let error = try #require(throws: ManifestErrors.self) {
            try ManifestFile("{\"a\": 1,\n b: 2}", named: "f.json")
        }
        #expect("\(error)".hasPrefix("f.json:2: document 1: not JSON: "))
        #expect(try ManifestFile("{a: 1, b: x}", named: "f").documents.map(\.tree) == [["a": 1, "b": "x"]])
    }

    @Test("alias bombs and huge files stop at the limits")
    func bombs() throws {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            bomb +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let error = try #require(throws: ManifestErrors.self) { try ManifestFile(bomb, named: "f") }
        #expect("\(error)".contains("more than 200000 values"))
        let keys = bomb + "? {*a30 : 1}\n: 2\n"
        #expect(throws: ManifestErrors.self) { try ManifestFile(keys, named: "f") }
        let tight = ManifestLimits(maximumBytes: 10)
        #expect(throws: ManifestErrors.self) { try ManifestFile("a: 12345678", named: "f", limits: tight) }
        let stream = String(repeating: "--- {a: 1}\n", count: 100)
        #expect(throws: ManifestErrors.self) {
            try ManifestFile(stream, named: "f", limits: ManifestLimits(maximumValues: 150))
        }
        #expect(try ManifestFile(stream, named: "f", limits: ManifestLimits(maximumValues: 200)).documents.count == 100)
    }

    @Test("the same resource twice")
    func duplicateResource() throws {
        let text = Self.two + "\n---\n" + Self.two
        let file = try ManifestFile(text, named: "f")
        let error = try #require(throws: ManifestErrors.self) { try file.resources() }
        #expect(error.errors.map(\.field?.type) == [.duplicate, .duplicate])
        #expect(error.errors[0].description.contains("document 1 is a SpiderIPPool of this name already"))
    }

    @Test("no prefix or damaged copy of a file crashes the reader")
    func damage() {
        let text = Array(Self.two.replacing("ips:", with: "ips: &a").utf8)
        for length in 0...text.count {
            _ = try? ManifestFile(String(decoding: text.prefix(length), as: UTF8.self), named: "f")
        }
        var state: UInt64 = 5
        for _ in 0..<2_000 {
            var copy = text
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                copy[Int(state >> 33) % copy.count] =
                    Array("*&[]{}:-!|>'\"\n\t#%\u{0}~?,<".utf8)[Int(state >> 20 & 0xff) % 22]
            }
            guard let file = try? ManifestFile(String(decoding: copy, as: UTF8.self), named: "f") else { continue }
            _ = try? file.resources()
        }
    }
}
