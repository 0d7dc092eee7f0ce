/// Rules for what becomes part of a claim: what a CNI runtime could never say, no DEL could free.
public enum ImportRule {
    /// The rule for container IDs in words.
    public static let containerID =
        "not a container ID: it must start with a letter or digit and go on with letters, digits, \"_\", \".\" or \"-\""
    /// The rule for interfaces in words.
    public static let interface = "not the name of an interface: 1 to 15 bytes without \"/\", \":\" and blanks"

    /// Whether the text can be `CNI_CONTAINERID`.
    public static func isContainerID(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
        }
        guard text.utf8.count <= 1024, let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    /// Whether the text can be `CNI_IFNAME`.
    public static func isInterface(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text != "." && text != ".."
            && text.unicodeScalars.allSatisfy { scalar in
                scalar != "/" && scalar != ":" && scalar.value > 0x20 && scalar.value != 0x7f
                    && !scalar.properties.isWhitespace
            }
    }
}
