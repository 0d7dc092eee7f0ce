/// Why bytes are not a JSON document, and where.
///
/// ```swift
/// do throws(JSONParseError) {
///     _ = try JSONValue(parsing: #"{"name": "a", "name": "b"}"#)
/// } catch {
///     print(error)  // line 1, column 15: duplicate key "name"
/// }
/// ```
public struct JSONParseError: Error, Sendable, Hashable {
    /// What is wrong; an open set, since later versions may distinguish more.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code, as it appears in ``JSONParseError/description``.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What is wrong.
    public let code: Code

    /// Offset in bytes of the first byte that could not be accepted; the length of the input when it ended early.
    public let offset: Int

    /// The line of ``offset``, counted from 1.
    public let line: Int

    /// The column of ``offset`` in bytes, counted from 1.
    public let column: Int

    /// The duplicate key, the limit that was exceeded, or the byte that did not fit; `nil` when the code says it all.
    public let detail: String?

    init(_ failure: JSONFailure, in input: borrowing Span<UInt8>) {
        code = failure.code
        detail = failure.detail
        offset = failure.offset
        var line = 1
        var lineStart = 0
        for index in 0..<min(failure.offset, input.count) where input[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        self.line = line
        column = failure.offset - lineStart + 1
    }
}

extension JSONParseError.Code {
    /// Nothing but white space.
    public static let empty = Self(rawValue: "empty document")
    /// The document ends within a value.
    public static let unexpectedEnd = Self(rawValue: "the document ends too early")
    /// A byte that has no place here.
    public static let unexpectedCharacter = Self(rawValue: "unexpected character")
    /// Something follows the value.
    public static let trailingCharacters = Self(rawValue: "unexpected text after the document")
    /// Not a number of RFC 8259 §6: leading zero, bare sign, missing digits.
    public static let invalidNumber = Self(rawValue: "not a JSON number")
    /// A backslash followed by something RFC 8259 §7 does not know.
    public static let invalidEscape = Self(rawValue: "unknown escape sequence")
    /// `\u` with half of a surrogate pair.
    public static let loneSurrogate = Self(rawValue: "half of a surrogate pair")
    /// A character below U+0020 within a string, a line break for instance.
    public static let controlCharacter = Self(rawValue: "control character within a string")
    /// Bytes that are not UTF-8 (RFC 3629): overlong, surrogate, truncated.
    public static let invalidUTF8 = Self(rawValue: "not UTF-8")
    /// A second member with the same key.
    public static let duplicateKey = Self(rawValue: "duplicate key")
    /// More open arrays and objects than ``JSONLimits/maximumDepth``.
    public static let tooDeep = Self(rawValue: "nested too deeply")
    /// More bytes than ``JSONLimits/maximumBytes``.
    public static let tooLarge = Self(rawValue: "document too large")
}

extension JSONParseError: CustomStringConvertible {
    /// `line 1, column 15: what is wrong`: one line, stable, safe to show.
    public var description: String {
        "line \(line), column \(column): \(code.rawValue)" + (detail.map { " " + $0 } ?? "")
    }
}

/// A refusal as the byte-level functions report it; line and column are counted only for the caller.
struct JSONFailure: Error {
    let code: JSONParseError.Code
    let offset: Int
    let detail: String?

    init(_ code: JSONParseError.Code, at offset: Int, _ detail: String? = nil) {
        self.code = code
        self.offset = offset
        self.detail = detail
    }
}
