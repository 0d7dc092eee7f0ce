import JSONTree
import PoolModel
import Testing

struct MatchRow: Sendable, CustomTestStringConvertible {
    let selector: LabelSelector
    let labels: [String: String]
    let matches: Bool
    var testDescription: String { "\(selector) on \(labels)" }
}

struct SyntaxRow: Sendable, CustomTestStringConvertible {
    let text: String
    let isLegal: Bool
    var testDescription: String { text.isEmpty ? "empty" : String(text.prefix(40)) }
}

@Suite struct LabelSelectorTests {
    static let rows: [MatchRow] = [
        MatchRow(selector: LabelSelector(), labels: [:], matches: true),
        MatchRow(selector: LabelSelector(matchLabels: ["a": "1"]), labels: ["a": "1", "b": "2"], matches: true),
        MatchRow(selector: LabelSelector(matchLabels: ["a": "1"]), labels: ["a": "2"], matches: false),
        MatchRow(selector: LabelSelector(matchLabels: ["a": ""]), labels: [:], matches: false),
        MatchRow(selector: LabelSelector(matchLabels: ["a": "1", "b": "2"]), labels: ["a": "1"], matches: false),
        MatchRow(selector: expression("a", .in, ["1", "2"]), labels: ["a": "2"], matches: true),
        MatchRow(selector: expression("a", .in, ["1", "2"]), labels: ["a": "3"], matches: false),
        MatchRow(selector: expression("a", .in, ["1"]), labels: [:], matches: false),
        MatchRow(selector: expression("a", .notIn, ["1"]), labels: ["a": "2"], matches: true),
        MatchRow(selector: expression("a", .notIn, ["1"]), labels: ["a": "1"], matches: false),
        MatchRow(selector: expression("a", .notIn, ["1"]), labels: [:], matches: true),
        MatchRow(selector: expression("a", .exists), labels: ["a": ""], matches: true),
        MatchRow(selector: expression("a", .exists), labels: [:], matches: false),
        MatchRow(selector: expression("a", .doesNotExist), labels: [:], matches: true),
        MatchRow(selector: expression("a", .doesNotExist), labels: ["a": "1"], matches: false),
        MatchRow(
            selector: LabelSelector(matchExpressions: [.init(key: "a", operation: "Near", values: [])]),
            labels: ["a": "1"], matches: false),
        MatchRow(
            selector: LabelSelector(matchLabels: ["a": "1"], matchExpressions: [.init("b", .exists)]),
            labels: ["a": "1"], matches: false),
    ]

    private static func expression(
        _ key: String, _ operation: LabelSelector.Operator, _ values: [String] = []
    ) -> LabelSelector {
        LabelSelector(matchExpressions: [.init(key, operation, values)])
    }

    @Test("matches as Kubernetes does", arguments: rows)
    func matching(row: MatchRow) {
        #expect(row.selector.matches(row.labels) == row.matches)
    }

    @Test(
        "keys",
        arguments: [
            SyntaxRow(text: "app", isLegal: true), SyntaxRow(text: "App_1.x-y", isLegal: true),
            SyntaxRow(text: "example.com/app", isLegal: true), SyntaxRow(text: "", isLegal: false),
            SyntaxRow(text: "/app", isLegal: false), SyntaxRow(text: "example.com/", isLegal: false),
            SyntaxRow(text: "a/b/c", isLegal: false), SyntaxRow(text: "-app", isLegal: false),
            SyntaxRow(text: "app.", isLegal: false), SyntaxRow(text: "Example.com/app", isLegal: false),
            SyntaxRow(text: "é", isLegal: false), SyntaxRow(text: String(repeating: "a", count: 63), isLegal: true),
            SyntaxRow(text: String(repeating: "a", count: 64), isLegal: false),
            SyntaxRow(text: String(repeating: "a", count: 253) + "/a", isLegal: true),
            SyntaxRow(text: String(repeating: "a", count: 254) + "/a", isLegal: false),
        ])
    func keys(row: SyntaxRow) {
        #expect((LabelSyntax.problem(ofKey: row.text) == nil) == row.isLegal)
    }

    @Test(
        "values",
        arguments: [
            SyntaxRow(text: "", isLegal: true), SyntaxRow(text: "10-16-0-0-16", isLegal: true),
            SyntaxRow(text: "---64", isLegal: false), SyntaxRow(text: "a b", isLegal: false),
            SyntaxRow(text: "a/b", isLegal: false), SyntaxRow(text: String(repeating: "v", count: 63), isLegal: true),
            SyntaxRow(text: String(repeating: "v", count: 64), isLegal: false),
        ])
    func values(row: SyntaxRow) {
        #expect((LabelSyntax.problem(ofValue: row.text) == nil) == row.isLegal)
    }

    @Test(
        "names",
        arguments: [
            SyntaxRow(text: "rack-a.v4", isLegal: true), SyntaxRow(text: "0", isLegal: true),
            SyntaxRow(text: "", isLegal: false), SyntaxRow(text: "Rack", isLegal: false),
            SyntaxRow(text: "a_b", isLegal: false), SyntaxRow(text: "-a", isLegal: false),
            SyntaxRow(text: "a-", isLegal: false), SyntaxRow(text: "a..b", isLegal: false),
            SyntaxRow(text: ".a", isLegal: false), SyntaxRow(text: "a/b", isLegal: false),
            SyntaxRow(text: "../x", isLegal: false), SyntaxRow(text: "a\n", isLegal: false),
            SyntaxRow(text: String(repeating: "a", count: 253), isLegal: true),
            SyntaxRow(text: String(repeating: "a", count: 254), isLegal: false),
        ])
    func names(row: SyntaxRow) {
        #expect((LabelSyntax.problem(ofName: row.text) == nil) == row.isLegal)
    }

    @Test("every illegal part is reported at its place")
    func validation() {
        let selector = LabelSelector(
            matchLabels: ["bad key": "x", "ok": "bad value"],
            matchExpressions: [
                .init("a", .in), .init("b", .exists, ["1"]), .init(key: "c", operation: "Near", values: []),
                .init("d", .notIn, ["ok", "-"]), .init("", .exists),
            ])
        #expect(
            selector.validate(at: .root).map(\.place) == [
                "FieldValueInvalid matchLabels[bad key]", "FieldValueInvalid matchLabels.ok",
                "FieldValueRequired matchExpressions[0].values", "FieldValueForbidden matchExpressions[1].values",
                "FieldValueNotSupported matchExpressions[2].operator",
                "FieldValueInvalid matchExpressions[3].values[1]", "FieldValueInvalid matchExpressions[4].key",
            ])
    }
}
