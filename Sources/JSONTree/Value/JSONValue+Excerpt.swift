extension JSONValue {
    /// The value for a message, on one line and short: texts are cut to 128 bytes, arrays and objects only counted.
    ///
    /// ```swift
    /// JSONValue.string("a\nb").excerpt()   // "a\nb", with the quotation marks and the escape
    /// JSONValue.array([1, 2]).excerpt()    // of 2 elements
    /// ```
    public func excerpt() -> String {
        switch self {
        case .null, .bool: text()
        case .number(let number): Self.cut(number.text)
        case .string(let string): JSONValue.string(Self.cut(string)).text()
        case .array(let elements): elements.count == 1 ? "of 1 element" : "of \(elements.count) elements"
        case .object(let object): object.count == 1 ? "with 1 member" : "with \(object.count) members"
        }
    }

    /// The text, or its first 128 bytes with an ellipsis.
    private static func cut(_ text: String) -> String {
        text.utf8.count <= 128 ? text : String(decoding: text.utf8.prefix(128), as: UTF8.self) + "…"
    }
}
