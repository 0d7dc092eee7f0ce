/// A field that is missing or holds something else than it must, with its path.
///
/// The description is one line that says where, what is needed, and what is there:
/// `ipam.default_ipv4_ippool[1]: expected a string, got number 5`.
public struct JSONFieldError: Error, Sendable, Hashable {
    /// Where the field stands.
    public let path: JSONFieldPath

    /// What is needed, with its article: `a string`, `an IPv4 address`, `one of "auto", "underlay"`.
    public let expected: String

    /// The kind of the value that is there (see ``JSONValue/kindName``); `nil` when the field is missing.
    public let actualKind: String?

    /// The value that is there, cut to 128 bytes; for arrays and objects only their size; `nil` when missing.
    public let actual: String?

    /// Makes an error; a missing field has no value.
    public init(at path: JSONFieldPath, expected: String, actual: JSONValue?) {
        self.path = path
        self.expected = expected
        self.actualKind = actual?.kindName
        self.actual = actual?.excerpt()
    }

    /// Whether the field is missing, as opposed to wrong.
    public var isMissing: Bool { actualKind == nil }
}

extension JSONFieldError: CustomStringConvertible {
    /// One line, stable, safe to show.
    public var description: String {
        let place = path.steps.isEmpty ? "" : "\(path): "
        guard let actualKind, let actual else { return "\(place)missing, expected \(expected)" }
        return "\(place)expected \(expected), got \(actualKind == "null" ? actual : "\(actualKind) \(actual)")"
    }
}
