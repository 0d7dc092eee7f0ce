public import JSONTree

extension JSONValue {
    /// The value as a YAML document in block style, ending in a newline.
    ///
    /// Every text that YAML 1.1 or 1.2 would read as something else is put in quotes, so any reader gets the same tree.
    public var yaml: String {
        var writer = YAMLWriter()
        writer.write(self)
        return writer.text
    }

    /// Several values as one YAML stream, with `---` between the documents.
    public static func yaml(documents: [JSONValue]) -> String { documents.map(\.yaml).joined(separator: "---\n") }
}

/// Writes block style with two blanks for each level; lists stand below their key without indentation.
struct YAMLWriter {
    private(set) var text = ""

    mutating func write(_ value: JSONValue) {
        switch value {
        case .object(let object) where !object.isEmpty: write(object, indent: 0)
        case .array(let elements) where !elements.isEmpty: write(elements, indent: 0)
        default: text += Self.inline(value) + "\n"
        }
    }

    /// Writes members; the first starts where the text stands.
    private mutating func write(_ object: JSONObject, indent: Int) {
        for (place, member) in object.members.enumerated() {
            if place > 0 { text += Self.blanks(indent) }
            text += Self.scalar(member.key) + ":"
            switch member.value {
            case .object(let inner) where !inner.isEmpty:
                text += "\n" + Self.blanks(indent + 2)
                write(inner, indent: indent + 2)
            case .array(let elements) where !elements.isEmpty:
                text += "\n" + Self.blanks(indent)
                write(elements, indent: indent)
            default: text += " " + Self.inline(member.value) + "\n"
            }
        }
    }

    /// Writes elements; the first starts where the text stands.
    private mutating func write(_ elements: [JSONValue], indent: Int) {
        for (place, element) in elements.enumerated() {
            if place > 0 { text += Self.blanks(indent) }
            text += "- "
            switch element {
            case .object(let inner) where !inner.isEmpty: write(inner, indent: indent + 2)
            case .array(let inner) where !inner.isEmpty: write(inner, indent: indent + 2)
            default: text += Self.inline(element) + "\n"
            }
        }
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    private static func inline(_ value: JSONValue) -> String {
        if let string = value.stringValue { scalar(string) } else { value.text() }
    }

    /// A text without quotes where every reader takes it for that text, else as a JSON string.
    static func scalar(_ text: String) -> String {
        isPlain(text) ? text : escaped(text)
    }

    /// JSON's escapes are YAML's too; what YAML does not take as it is, is escaped as well.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in JSONValue.string(text).text().unicodeScalars {
            switch scalar.value {
            case 0x7f...0xa0, 0x2028, 0x2029, 0xfeff, 0xd800...0xf8ff, 0xfffe, 0xffff:
                result += "\\u" + hex(scalar.value, width: 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static let reserved: Set<String> = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", ".inf", ".nan",
    ]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, !reserved.contains(text.lowercased()),
            text.utf8.allSatisfy({ isAlphanumeric($0) || " ./_:-,+()@*%=;".utf8.contains($0) })
        else { return false }
        // Starts with a letter, or is an address or range: digits and dots that no reader takes for a number or a time.
        guard isAlphanumeric(first) || first == UInt8(ascii: "/"), last != UInt8(ascii: ":"), last != UInt8(ascii: " ")
        else { return false }
        if text.contains(": ") || text.contains(" #") { return false }
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return true }
        let dots = text.utf8.count { $0 == UInt8(ascii: ".") }
        return dots >= 3 && text.utf8.allSatisfy { isAlphanumeric($0) || "./-".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }
}
