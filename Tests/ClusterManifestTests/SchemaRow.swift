import JSONTree
import KubeClient
import Testing

/// Content of an object, and what the server makes of it.
struct SchemaRow: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// It is stored with these members among others; `null` is one that is not there.
        case stored(String)
        /// It is refused because of this field.
        case refused(String)
    }

    let kind: CustomKind
    /// What it shows, with the row of the specification if there is one.
    let title: String
    /// JSON, merged into the least that the schema wants.
    let content: String
    let outcome: Outcome

    var testDescription: String { "\(kind.rawValue): \(title)" }

    init(_ kind: CustomKind, _ title: String, _ content: String, stored: String? = nil) {
        self.init(kind, title, content, .stored(stored ?? content))
    }

    init(_ kind: CustomKind, _ title: String, _ content: String, refused field: String) {
        self.init(kind, title, content, .refused(field))
    }

    private init(_ kind: CustomKind, _ title: String, _ content: String, _ outcome: Outcome) {
        self.kind = kind
        self.title = title
        self.content = content
        self.outcome = outcome
    }
}

extension JSONValue {
    /// What a merge patch makes of the value (RFC 7396).
    func merging(_ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var object = objectValue ?? JSONObject()
        for (key, value) in changes.members {
            object[key] = value.isNull ? nil : (object[key] ?? .null).merging(value)
        }
        return .object(object)
    }

    /// Where the value lacks something that the pattern has, or has something else; `null` in the pattern is absence.
    func differences(from pattern: JSONValue, at path: String = "") -> [String] {
        switch pattern {
        case .object(let members):
            members.members.flatMap { key, expected in
                guard let value = self[key] else { return expected.isNull ? [] : ["\(path).\(key) is not there"] }
                return value.differences(from: expected, at: "\(path).\(key)")
            }
        case .array(let elements) where arrayValue?.count == elements.count:
            zip(arrayValue ?? [], elements).enumerated().flatMap { index, pair in
                pair.0.differences(from: pair.1, at: "\(path)[\(index)]")
            }
        default: self == pattern ? [] : ["\(path) is \(text()) instead of \(pattern.text())"]
        }
    }
}
