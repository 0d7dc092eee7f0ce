/// The name of a plugin's executable, from the `type` of a configuration.
///
/// The text is `[A-Za-z0-9][A-Za-z0-9_.-]*`, so that it can be a file name within any directory, and never leaves it.
public struct PluginType: Sendable, Hashable {
    /// The text.
    public let text: String

    /// Checks a text; `nil` when it does not fit the pattern.
    public init?(_ text: String) {
        guard NameRule.accepts(text) else { return nil }
        self.text = text
    }
}

extension PluginType: CustomStringConvertible {
    /// The text.
    public var description: String { text }
}
