/// A JSON number as it was written.
///
/// The text is kept, so that a number which this program does not understand (more digits than a machine word, an
/// exponent) leaves it as it came. Two numbers are equal when their texts are.
public struct JSONNumber: Sendable, Hashable {
    /// The text, always a number in the grammar of RFC 8259 §6.
    public let text: String

    init(verified text: String) { self.text = text }

    /// Makes a number from an integer of any width.
    public init(_ value: some BinaryInteger) { self.init(verified: String(value)) }

    /// Makes a number from its text; `nil` unless the whole text is a JSON number (no `+`, no leading zero, no blank).
    public init?(text: String) {
        let bytes = text.utf8.span
        var scanner = JSONScanner()
        guard (try? scanner.skipNumber(bytes)) != nil, scanner.position == bytes.count else { return nil }
        self.init(verified: text)
    }

    /// The value when the text is an integer without fraction or exponent that fits; `-0` is 0.
    public var int64: Int64? { Int64(text) }

    /// The value when the text is an integer without sign, fraction or exponent that fits.
    public var uint64: UInt64? { UInt64(text) }

    /// The nearest floating-point value, or `nil` when the number is too large for one.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

extension JSONNumber: CustomStringConvertible {
    /// The text of the number.
    public var description: String { text }
}
