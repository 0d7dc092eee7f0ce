/// The syntax of names, label keys and label values in Kubernetes.
public enum LabelSyntax {
    /// The longest object name, and the longest prefix of a label key.
    public static let maximumNameLength = 253
    /// The longest label value, and the longest name part of a label key.
    public static let maximumValueLength = 63

    /// What is wrong with an object name; `nil` when it is a lower-case RFC 1123 subdomain of at most 253 bytes.
    public static func problem(ofName name: String) -> String? {
        if name.isEmpty { return "a name must not be empty" }
        if name.utf8.count > maximumNameLength { return "must be no more than \(maximumNameLength) bytes" }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isLegal = labels.allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            return isLowerAlphanumeric(first) && isLowerAlphanumeric(last)
                && label.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
        return isLegal
            ? nil
            : "must consist of lower-case letters, digits, \"-\" and \".\", and each part must start and end with a "
                + "letter or a digit (RFC 1123), for example \"rack-a.v4\""
    }

    /// What is wrong with a label key; `nil` for `name` or `prefix/name` with a subdomain as prefix.
    public static func problem(ofKey key: String) -> String? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { return "a key has at most one \"/\", between an optional prefix and the name" }
        if parts.count == 2, let problem = problem(ofName: parts[0]) { return "the prefix of the key \(problem)" }
        let name = parts[parts.count - 1]
        if name.isEmpty { return "the name part of a key must not be empty" }
        return problem(ofWord: name).map { "the name part of the key \($0)" }
    }

    /// What is wrong with a label value; `nil` when it is empty or a legal word of at most 63 bytes.
    public static func problem(ofValue value: String) -> String? {
        value.isEmpty ? nil : problem(ofWord: value).map { "a label value \($0)" }
    }

    private static func problem(ofWord word: String) -> String? {
        let bytes = word.utf8
        guard bytes.count <= maximumValueLength else { return "must be no more than \(maximumValueLength) bytes" }
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last),
            bytes.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) })
        else {
            return "must consist of letters, digits, \"-\", \"_\" and \".\", and start and end with a letter or a "
                + "digit, for example \"team_a.1\""
        }
        return nil
    }

    static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
