/// How a write is made.
public struct WriteOptions: Sendable, Hashable {
    /// Whether the server only says what would happen.
    public var isDryRun: Bool
    /// Who is entered as the writer of the fields; apply needs it.
    public var fieldManager: String?
    /// Whether apply takes over fields that others own, instead of failing with a conflict.
    public var forcesApply: Bool

    /// Makes options.
    public init(isDryRun: Bool = false, fieldManager: String? = nil, forcesApply: Bool = false) {
        self.isDryRun = isDryRun
        self.fieldManager = fieldManager
        self.forcesApply = forcesApply
    }

    /// The options as parameters of a URL.
    var parameters: [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        if isDryRun { parameters.append(("dryRun", "All")) }
        if let fieldManager { parameters.append(("fieldManager", fieldManager)) }
        return parameters
    }
}
