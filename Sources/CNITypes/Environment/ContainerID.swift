/// The runtime's name for a container, from `CNI_CONTAINERID`.
///
/// The text is `[A-Za-z0-9][A-Za-z0-9_.-]*`, so that it can be a file name within any directory, and never leaves it.
public struct ContainerID: Sendable, Hashable {
    /// The text.
    public let text: String

    /// Checks a text; `nil` when it does not fit the pattern.
    public init?(_ text: String) {
        guard NameRule.accepts(text) else { return nil }
        self.text = text
    }
}

extension ContainerID: CustomStringConvertible {
    /// The text.
    public var description: String { text }
}
