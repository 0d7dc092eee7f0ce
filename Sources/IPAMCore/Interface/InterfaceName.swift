/// The name of a network interface, as the kernel accepts it.
///
/// 1 to 15 bytes, neither `.` nor `..`, without `/`, `:` and white space (`dev_valid_name` of the kernel), so that it
/// can be a file name within any directory, and never leaves it.
public struct InterfaceName: Sendable, Hashable {
    /// The text.
    public let text: String

    /// The longest name in bytes (`IFNAMSIZ` − 1).
    public static let maximumBytes = 15

    /// The rule in words, to be put after "the name" in messages.
    public static let rule = "must have 1 to 15 bytes, not be \".\" or \"..\", and have no \"/\", \":\" or white space"

    /// Checks a text; `nil` when it breaks a rule.
    public init?(_ text: String) {
        guard (1...Self.maximumBytes).contains(text.utf8.count), text != ".", text != "..",
            text.unicodeScalars.allSatisfy({ scalar in
                scalar != "/" && scalar != ":" && scalar != "\0" && !scalar.properties.isWhitespace
            })
        else { return nil }
        self.text = text
    }
}

extension InterfaceName: CustomStringConvertible {
    /// The text.
    public var description: String { text }
}
