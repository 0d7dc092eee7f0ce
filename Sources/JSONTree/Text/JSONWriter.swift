/// The writer of trees.
struct JSONWriter {
    private let style: JSONTextStyle
    private(set) var output: [UInt8] = []

    init(_ style: JSONTextStyle) { self.style = style }

    mutating func write(_ value: JSONValue, level: Int = 0) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let truth): output.append(contentsOf: truth ? "true".utf8 : "false".utf8)
        case .number(let number): output.append(contentsOf: number.text.utf8)
        case .string(let text): write(text)
        case .array(let elements):
            writeList("[", "]", elements, level: level) { writer, element in
                writer.write(element, level: level + 1)
            }
        case .object(let object):
            let members = style.sortsKeys ? object.members.sorted { $0.key.precedesInBytes($1.key) } : object.members
            writeList("{", "}", members, level: level) { writer, member in
                writer.write(member.key)
                writer.output.append(UInt8(ascii: ":"))
                if writer.style.indentation != nil { writer.output.append(UInt8(ascii: " ")) }
                writer.write(member.value, level: level + 1)
            }
        }
    }

    private mutating func writeList<Element>(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ elements: [Element], level: Int,
        _ body: (inout JSONWriter, Element) -> Void
    ) {
        output.append(UInt8(ascii: opening))
        var isFirst = true
        for element in elements {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            breakLine(level + 1)
            body(&self, element)
        }
        if !elements.isEmpty { breakLine(level) }
        output.append(UInt8(ascii: closing))
    }

    private mutating func breakLine(_ level: Int) {
        guard let width = style.indentation else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width * level))
    }

    /// Writes a string with the escapes that RFC 8259 §7 requires, the short ones where there are any.
    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        let bytes = text.utf8
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c }) {
            for byte in bytes { writeEscaped(byte) }
        } else {
            output.append(contentsOf: bytes)
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case 0x22: output.append(contentsOf: #"\""#.utf8)
        case 0x5c: output.append(contentsOf: #"\\"#.utf8)
        case 0x08: output.append(contentsOf: #"\b"#.utf8)
        case 0x0c: output.append(contentsOf: #"\f"#.utf8)
        case 0x0a: output.append(contentsOf: #"\n"#.utf8)
        case 0x0d: output.append(contentsOf: #"\r"#.utf8)
        case 0x09: output.append(contentsOf: #"\t"#.utf8)
        case ..<0x20:
            output.append(contentsOf: (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8)
            output.append(contentsOf: String(byte, radix: 16).utf8)
        default: output.append(byte)
        }
    }
}

extension JSONValue {
    /// The document as text; what is read from it is equal to the value.
    public func text(_ style: JSONTextStyle = .compact) -> String { String(decoding: utf8(style), as: UTF8.self) }

    /// The document as UTF-8 bytes.
    public func utf8(_ style: JSONTextStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style)
        writer.write(self)
        return writer.output
    }
}

extension String {
    /// Order of the UTF-8 bytes.
    fileprivate func precedesInBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
