public import PoolModel

/// One mistake in a manifest file, with its place.
public struct ManifestError: Error, Sendable, Hashable {
    /// The name of the file, as the caller gave it.
    public let file: String
    /// Which document of the file, counted from 1; `nil` when the mistake is not in one.
    public let document: Int?
    /// The line, counted from 1; `nil` when it is not known.
    public let line: Int?
    /// The kind and the name of the resource, as far as they are known: `SpiderIPPool "rack-a"`.
    public let subject: String?
    /// What is wrong and what to do.
    public let problem: String
    /// The field at fault, when it is one.
    public let field: FieldError?

    init(
        file: String, document: Int?, line: Int?, subject: String? = nil, problem: String, field: FieldError? = nil
    ) {
        self.file = file
        self.document = document
        self.line = line
        self.subject = subject
        self.problem = problem
        self.field = field
    }
}

extension ManifestError: CustomStringConvertible {
    /// `file:line: document n, SpiderIPPool "rack-a": what is wrong` on one line.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        let owner = [document.map { "document \($0)" }, subject].compactMap(\.self).joined(separator: ", ")
        return "\(place): \(owner.isEmpty ? "" : "\(owner): ")\(problem)"
    }
}

/// Everything that is wrong with a file; nothing of it may be applied.
public struct ManifestErrors: Error, Sendable, Hashable {
    /// The mistakes in the order of the file; never empty.
    public let errors: [ManifestError]
}

extension ManifestErrors: CustomStringConvertible {
    /// One line for each mistake.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
