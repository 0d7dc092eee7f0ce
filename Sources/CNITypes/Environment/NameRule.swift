/// The pattern that container IDs, network names and plugin types have in common.
enum NameRule {
    /// The pattern in words, for messages.
    static let words = "must start with a letter or digit and go on with letters, digits, \"_\", \".\" or \"-\""

    /// Whether the text is `[A-Za-z0-9][A-Za-z0-9_.-]*`.
    static func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }
}
