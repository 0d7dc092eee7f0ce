/// Why a text is not an address, a prefix, a range or a MAC.
///
/// The error carries the input and the place where reading stopped, so that its one-line description can be shown
/// to a person as it is:
///
/// ```swift
/// do throws(AddressParseError) {
///     _ = try IPv4Address(parsing: "10.0.0.256")
/// } catch {
///     print(error)  // "10.0.0.256": number above 255 at position 7
/// }
/// ```
public struct AddressParseError: Error, Sendable, Hashable {
    /// What is wrong; an open set, since later versions may distinguish more.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code, as it appears in ``AddressParseError/description``.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What is wrong.
    public let code: Code

    /// Offset of the first UTF-8 byte that could not be accepted; equals the length of the input when it ended early.
    public let position: Int

    /// The text that was refused, cut to 128 bytes; bytes that are not UTF-8 are shown as U+FFFD.
    public let input: String

    /// What to write instead, when there is one obvious answer.
    public let proposal: String?

    /// Makes an error; parsers of neighbouring libraries use it for formats of their own.
    public init(_ code: Code, at position: Int, in input: String, proposal: String? = nil) {
        self.code = code
        self.position = position
        self.input = input
        self.proposal = proposal
    }

    init(_ failure: ParseFailure, in input: borrowing Span<UInt8>, proposal: String? = nil) {
        self.init(failure.code, at: failure.position, in: Self.excerpt(of: input), proposal: proposal)
    }

    /// The first 128 bytes of the input as text.
    static func excerpt(of input: borrowing Span<UInt8>) -> String {
        let limit = 128
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(input.count, limit))
        for index in 0..<min(input.count, limit) { bytes.append(input[index]) }
        let text = String(decoding: bytes, as: UTF8.self)
        return input.count > limit ? text + "…" : text
    }
}

extension AddressParseError.Code {
    /// Nothing was given.
    public static let empty = Self(rawValue: "empty text")
    /// A byte that has no place in this form, a blank for instance.
    public static let unexpectedCharacter = Self(rawValue: "unexpected character")
    /// The text ended before the value was complete.
    public static let unexpectedEnd = Self(rawValue: "text ends too early")
    /// Something follows a complete value.
    public static let trailingCharacters = Self(rawValue: "unexpected text after the value")
    /// An IPv4 number above 255.
    public static let octetOutOfRange = Self(rawValue: "number above 255")
    /// An IPv4 number such as `010`, which some software reads as octal (RFC 6943 §3.1.1).
    public static let leadingZero = Self(rawValue: "leading zero (some software reads it as octal)")
    /// An IPv6 group of more than four digits.
    public static let groupTooLong = Self(rawValue: "group of more than four hexadecimal digits")
    /// More than eight IPv6 groups.
    public static let tooManyGroups = Self(rawValue: "too many groups")
    /// A second `::`, or one that stands for no group.
    public static let misplacedCompression = Self(rawValue: "misplaced \"::\"")
    /// A zone such as `%eth0` (RFC 4007), which has no meaning outside one host.
    public static let zone = Self(rawValue: "zone identifiers are not accepted here")
    /// No `/` where a prefix is needed.
    public static let missingPrefixLength = Self(rawValue: "missing prefix length")
    /// A prefix longer than the family's addresses.
    public static let prefixLengthOutOfRange = Self(rawValue: "prefix length out of range")
    /// A prefix whose host part is not zero.
    public static let hostBitsSet = Self(rawValue: "not a network address: host bits are set")
    /// A legal prefix that is not written canonically.
    public static let notCanonical = Self(rawValue: "not in canonical form")
    /// A range whose ends belong to different families, or an entry of the wrong family.
    public static let mixedFamilies = Self(rawValue: "mixed address families")
    /// A range that runs downwards.
    public static let descendingRange = Self(rawValue: "the range runs downwards")
    /// A prefix where a range is needed.
    public static let prefixNotAllowed = Self(rawValue: "a CIDR is not accepted here")
    /// An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) where it would be ambiguous.
    public static let mappedNotAllowed = Self(rawValue: "an IPv4-mapped IPv6 address is not accepted here")
    /// A MAC that is not six pairs of hexadecimal digits.
    public static let malformedMAC = Self(rawValue: "not six pairs of hexadecimal digits")
}

extension AddressParseError: CustomStringConvertible {
    /// `"input": what is wrong at position n; write "…"`: one line, stable, safe to show.
    ///
    /// In the input, quotes, backslashes and everything outside printable ASCII appear as in a Swift literal
    /// (`\"`, `\\`, `\u{A}`), so that look-alikes and control characters can be seen.
    public var description: String {
        var text = "\"\(Self.escaped(input))\": \(code.rawValue) at position \(position)"
        if let proposal { text += "; write \"\(proposal)\"" }
        return text
    }
}

extension AddressParseError {
    /// The text in printable ASCII; the ellipsis of a cut input stays.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case " "..."~", "…": result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return result
    }
}

/// A refusal as the byte-level parsers report it: two words, nothing allocated.
@usableFromInline
struct ParseFailure: Error {
    let code: AddressParseError.Code
    let position: Int

    init(_ code: AddressParseError.Code, at position: Int) {
        self.code = code
        self.position = position
    }
}
