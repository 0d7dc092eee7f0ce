/// A resource that was refused, with everything that is wrong with it.
public struct InvalidResource: Error, Sendable, Hashable {
    /// The kind as the manifest names it; `nil` when it names none.
    public let kind: String?
    /// The name as the manifest gives it; `nil` when it gives none.
    public let name: String?
    /// What is wrong, the first cause first; never empty.
    public let errors: [FieldError]

    /// Makes the error; `errors` must not be empty.
    public init(kind: String?, name: String?, errors: [FieldError]) {
        precondition(!errors.isEmpty, "a refusal needs a reason")
        self.kind = kind
        self.name = name
        self.errors = errors
    }
}

extension InvalidResource: CustomStringConvertible {
    /// `SpiderIPPool "rack-a" is invalid: …` on one line; several errors stand in brackets.
    public var description: String {
        let subject = (kind ?? "resource") + (name.map { " " + $0.quoted } ?? "")
        let causes = errors.map(\.description).joined(separator: ", ")
        return "\(subject) is invalid: \(errors.count == 1 ? causes : "[\(causes)]")"
    }
}
