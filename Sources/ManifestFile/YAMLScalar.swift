internal import JSONTree
internal import Yams

/// What a scalar means in JSON: the core schema of YAML 1.2, without infinity and the like.
///
/// Addresses, times, `yes`, `no` and numbers with leading zeros are texts. YAML 1.1 reads some of these as something
/// else; a field that needs a truth value or a number then says so, instead of a text becoming one silently.
enum YAMLScalar {
    static func value(of scalar: Node.Scalar) throws(YAMLReader.Problem) -> JSONValue {
        let text = YAMLReader.restored(scalar.string)
        let line = scalar.mark?.line
        switch scalar.tag.description {
        case "tag:yaml.org,2002:str", "!": return .string(text)
        case "": return scalar.style == .plain ? plain(text) : .string(text)
        case let tag:
            try YAMLReader.check(scalar.tag, isOneOf: ["null", "bool", "int", "float"], line: line)
            let value = plain(text)
            let fits =
                switch value {
                case .null: tag.hasSuffix(":null")
                case .bool: tag.hasSuffix(":bool")
                case .number(let number): tag.hasSuffix(":float") || tag.hasSuffix(":int") && isInteger(number.text)
                default: false
                }
            guard fits else {
                throw YAMLReader.Problem(text: "\"\(text)\" is not what its tag says; remove the tag", line: line)
            }
            return value
        }
    }

    private static func isInteger(_ text: String) -> Bool { !text.contains { ".eE".contains($0) } }

    /// The meaning of a text without quotes.
    static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return number(text).map(JSONValue.number) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> JSONNumber? {
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return nil }
        if text.hasPrefix("0x") {
            let digits = text.dropFirst(2)
            guard digits.first?.isHexDigit == true else { return nil }
            return UInt64(digits, radix: 16).map { JSONNumber($0) }
        }
        if text.hasPrefix("0o") {
            let digits = text.dropFirst(2)
            guard digits.first?.isNumber == true else { return nil }
            return UInt64(digits, radix: 8).map { JSONNumber($0) }
        }
        guard first == UInt8(ascii: "+") else { return JSONNumber(text: text) }
        return text.hasPrefix("+-") ? nil : JSONNumber(text: String(text.dropFirst()))
    }
}
