import Foundation
import JSONTree
import ManifestFile
import PoolModel
import Testing

@Suite struct YAMLWriterTests {
    @Test("looks like what people write")
    func layout() throws {
        let pool = try ManifestFile(
            """
            {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPPool", "metadata": {"name": "rack-a",
             "labels": {"ipam.spidernet.io/ippool-cidr": "10-6-0-0-16"}, "annotations": {"n": "yes", "m": "two\\nlines"}},
             "spec": {"ipVersion": 4, "subnet": "10.6.0.0/16", "ips": ["10.6.0.1-10.6.0.5", "10.6.0.9"], "gateway": "10.6.0.1",
             "routes": [{"dst": "172.20.0.0/16", "gw": "10.6.0.254"}], "podAffinity": {"matchLabels": {"v": "1.10"}}}}
            """, named: "f")
        let resource = try #require(try pool.resources().first?.resource)
        #expect(
            resource.tree.yaml == """
                apiVersion: spiderpool.spidernet.io/v2beta1
                kind: SpiderIPPool
                metadata:
                  name: rack-a
                  labels:
                    ipam.spidernet.io/ippool-cidr: "10-6-0-0-16"
                  annotations:
                    m: "two\\nlines"
                    "n": "yes"
                spec:
                  ipVersion: 4
                  subnet: 10.6.0.0/16
                  ips:
                  - 10.6.0.1-10.6.0.5
                  - 10.6.0.9
                  gateway: 10.6.0.1
                  routes:
                  - dst: 172.20.0.0/16
                    gw: 10.6.0.254
                  podAffinity:
                    matchLabels:
                      v: "1.10"
                  default: false
                  disable: false

                """)
    }

    @Test("every shape comes back as it was", arguments: [1, 2] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = Random(state: seed)
        for _ in 0..<2_000 {
            let tree: JSONValue = ["root": Self.randomValue(depth: 0, &random)]
            let yaml = tree.yaml
            #expect(try ManifestFile(yaml, named: "f").documents.map(\.tree) == [tree], "seed \(seed):\n\(yaml)")
        }
    }

    @Test("texts that look like something else are quoted", arguments: texts)
    func quoting(text: String) throws {
        for tree: JSONValue in [["a": .string(text)], [["k": [.string(text)]]], .object([text: 1])] {
            let read = try ManifestFile(JSONValue.object(["x": tree]).yaml, named: "f").documents.map(\.tree)
            #expect(read == [["x": tree]], "\(tree.yaml)")
        }
    }

    static let texts = [
        "", " ", "a ", " a", "yes", "No", "ON", "y", "null", "~", "true", "4", "-4", "1.5", "1e3", "0x1F", "0o7", "012",
        "1_000", ".5", ".inf", ".nan", "12:30", "2026-01-31", "10.6.0.1", "10.6.0.0/16", "fd00::1", "::1", "1::",
        "a: b",
        "a:", "a #b", "#a", "- a", "-", "?", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "[a]", "{a}", "a,b", "'a'",
        "\"a\"",
        "<<", "=", "---", "...", "a\nb", "\n", "a\tb", "\u{7f}", "\u{85}", "\u{2028}", "x\u{feff}", "é", "日本", "😀",
        "\\",
        "a\\b",
        "e\u{301}", "\u{0}", "\u{1b}", "*", "v4-*", "a - b", "a/b", "(x)", "1e", "e1", "1.2.3", "0b11", "+1", "NaN",
        "\r\n",
    ]

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static func randomValue(depth: Int, _ random: inout Random) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &random) {
        case 0: return .integer(Int.random(in: -5...1_000, using: &random))
        case 1: return .bool(Bool.random(using: &random))
        case 2: return nil
        case 3, 4: return .string(texts[Int.random(in: 0..<texts.count, using: &random)])
        case 5:
            let count = Int.random(in: 0...3, using: &random)
            return .array((0..<count).map { _ in randomValue(depth: depth + 1, &random) })
        default:
            let keys = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                texts[Int.random(in: 0..<texts.count, using: &random)]
            }
            return .object(JSONObject(keys.map { ($0, randomValue(depth: depth + 1, &random)) }))
        }
    }
}
