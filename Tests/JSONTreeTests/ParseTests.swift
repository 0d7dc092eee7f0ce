import JSONTree
import Testing

/// A document that has to be accepted, with the compact text that has to come out again.
struct AcceptedDocument: Sendable, CustomTestStringConvertible {
    let input: String
    let output: String
    var testDescription: String { input.debugDescription }

    init(_ input: String, _ output: String? = nil) {
        self.input = input
        self.output = output ?? input
    }

    static let all: [AcceptedDocument] = [
        .init("null"), .init("true"), .init("false"), .init("0"), .init("-0"), .init(#""""#), .init("[]"), .init("{}"),
        .init(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n", #"{"a":[1,2]}"#),
        .init("[[[[]]]]"), .init("[null,true,false]"),
        .init("1.5e300"), .init("1E-7"), .init("1e+2"), .init("-123.456"), .init("0.0"), .init("0e0"), .init("10"),
        .init("123456789012345678901234567890.123456789"), .init("1e99999"),
        .init(#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#),
        .init(#""\u0041\u00e9\u20AC""#, #""Aé€""#),
        .init(#""\ud83d\ude00""#, #""😀""#), .init(#""\uD800\uDC00\uDBFF\uDFFF""#, "\"\u{10000}\u{10ffff}\""),
        .init(#""\u0000\u001f""#), .init("\"\u{7f}\u{2028}\u{feff}\u{fffe}\""),
        .init(#""\\u0041""#), .init(#"{"":0}"#), .init(#"{"a":{"a":{"a":1}},"A":2}"#),
        .init(#"{"a\u0062":1}"#, #"{"ab":1}"#), .init(#"["é","日本","😀"]"#),
    ]
}

@Test(arguments: AcceptedDocument.all)
func acceptsDocument(_ row: AcceptedDocument) throws {
    let value = try JSONValue(parsing: row.input)
    #expect(value.text() == row.output)
    #expect(try JSONValue(parsing: value.text(.prettySorted)) == value)
}

/// A document that has to be refused, with the reason and the offset.
struct RefusedDocument: Sendable, CustomTestStringConvertible {
    let input: [UInt8]
    let code: JSONParseError.Code
    let offset: Int
    var testDescription: String { String(decoding: input, as: UTF8.self).debugDescription + " \(code.rawValue)" }

    init(_ input: String, _ code: JSONParseError.Code, at offset: Int) {
        self.init(Array(input.utf8), code, at: offset)
    }

    init(_ input: [UInt8], _ code: JSONParseError.Code, at offset: Int) {
        self.input = input
        self.code = code
        self.offset = offset
    }

    /// A string of the given bytes.
    static func string(_ bytes: UInt8..., at offset: Int = 1) -> RefusedDocument {
        .init([0x22] + bytes + [0x22], .invalidUTF8, at: offset)
    }

    static let all: [RefusedDocument] = structure + words + numbers + strings + encodings

    static let structure: [RefusedDocument] = [
        .init("", .empty, at: 0), .init(" \n ", .empty, at: 3),
        .init("[", .unexpectedEnd, at: 1), .init("{", .unexpectedEnd, at: 1), .init("[1", .unexpectedEnd, at: 2),
        .init("[1,", .unexpectedEnd, at: 3), .init(#"{"a""#, .unexpectedEnd, at: 4),
        .init(#"{"a":"#, .unexpectedEnd, at: 5), .init(#"{"a":1"#, .unexpectedEnd, at: 6),
        .init(#"{"a":1,"#, .unexpectedEnd, at: 7),
        .init("[1,]", .unexpectedCharacter, at: 3), .init("[,1]", .unexpectedCharacter, at: 1),
        .init("[1 2]", .unexpectedCharacter, at: 3), .init("[1}", .unexpectedCharacter, at: 2),
        .init(#"{"a":1,}"#, .unexpectedCharacter, at: 7), .init(#"{"a" 1}"#, .unexpectedCharacter, at: 5),
        .init("{a:1}", .unexpectedCharacter, at: 1), .init("{'a':1}", .unexpectedCharacter, at: 1),
        .init("{1:1}", .unexpectedCharacter, at: 1), .init(#"{"a":1]"#, .unexpectedCharacter, at: 6),
        .init("]", .unexpectedCharacter, at: 0), .init("// x\n1", .unexpectedCharacter, at: 0),
        .init("[1]x", .trailingCharacters, at: 3), .init("{}{}", .trailingCharacters, at: 2),
        .init("1 2", .trailingCharacters, at: 2), .init("[]\u{0}", .trailingCharacters, at: 2),
        .init(#"{"a":1,"b":2,"a":3}"#, .duplicateKey, at: 13), .init(#"{"a":1,"\u0061":2}"#, .duplicateKey, at: 7),
        .init("[1\u{a0}]", .unexpectedCharacter, at: 2), .init("\u{feff}{}", .unexpectedCharacter, at: 0),
        .init("\u{c}1", .unexpectedCharacter, at: 0),
    ]

    static let words: [RefusedDocument] = [
        .init("tru", .unexpectedEnd, at: 3), .init("True", .unexpectedCharacter, at: 0),
        .init("nul]", .unexpectedCharacter, at: 3), .init("nulll", .trailingCharacters, at: 4),
        .init("NaN", .unexpectedCharacter, at: 0), .init("Infinity", .unexpectedCharacter, at: 0),
        .init("undefined", .unexpectedCharacter, at: 0), .init("falsé", .unexpectedCharacter, at: 4),
    ]

    static let numbers: [RefusedDocument] = [
        .init("-", .unexpectedEnd, at: 1), .init("+1", .unexpectedCharacter, at: 0), .init("01", .invalidNumber, at: 0),
        .init("-01", .invalidNumber, at: 0), .init("1.", .unexpectedEnd, at: 2),
        .init(".5", .unexpectedCharacter, at: 0),
        .init("[1.]", .invalidNumber, at: 1), .init("[1.e1]", .invalidNumber, at: 1),
        .init("1e", .unexpectedEnd, at: 2),
        .init("[1e+]", .invalidNumber, at: 1), .init("[-]", .invalidNumber, at: 1),
        .init("0x10", .trailingCharacters, at: 1),
        .init("1_000", .trailingCharacters, at: 1), .init("[--1]", .invalidNumber, at: 1),
        .init("１", .unexpectedCharacter, at: 0), .init("-Infinity", .invalidNumber, at: 0),
    ]

    static let strings: [RefusedDocument] = [
        .init("\"", .unexpectedEnd, at: 1), .init("\"abc", .unexpectedEnd, at: 4),
        .init(#""\""#, .unexpectedEnd, at: 3),
        .init(#""\"#, .unexpectedEnd, at: 2), .init("\"a\nb\"", .controlCharacter, at: 2),
        .init("\"\u{0}\"", .controlCharacter, at: 1), .init("\"\u{1f}\"", .controlCharacter, at: 1),
        .init(#""\x41""#, .invalidEscape, at: 1), .init(#""\U0041""#, .invalidEscape, at: 1),
        .init(#""\u004""#, .invalidEscape, at: 1), .init(#""\u00g1""#, .invalidEscape, at: 1),
        .init(#""\u""#, .invalidEscape, at: 1), .init(#""\'""#, .invalidEscape, at: 1),
        .init(#""a\ud800""#, .loneSurrogate, at: 2), .init(#""\ud800x""#, .loneSurrogate, at: 1),
        .init(#""\ud800\n""#, .loneSurrogate, at: 1), .init(#""\ud800\u0041""#, .loneSurrogate, at: 1),
        .init(#""\udc00""#, .loneSurrogate, at: 1), .init(#""\udc00\ud800""#, .loneSurrogate, at: 1),
        .init("'a'", .unexpectedCharacter, at: 0),
    ]

    static let encodings: [RefusedDocument] = [
        .string(0x80), .string(0xff), .string(0xc0, 0x80), .string(0xc1, 0xbf), .string(0xe0, 0x80, 0x80),
        .string(0xf0, 0x80, 0x80, 0x80), .string(0xed, 0xa0, 0x80), .string(0xed, 0xbf, 0xbf),
        .string(0xf4, 0x90, 0x80, 0x80), .string(0xf5, 0x80, 0x80, 0x80), .string(0x61, 0xe2, 0x82, at: 2),
        .string(0xc3), .string(0x5c, 0x6e, 0xff, at: 3), .init([0xff, 0xfe, 0x5b, 0], .unexpectedCharacter, at: 0),
        .init([0x5b, 0xe9, 0x5d], .unexpectedCharacter, at: 1),
    ]
}

@Test(arguments: RefusedDocument.all)
func refusesDocument(_ row: RefusedDocument) throws {
    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: row.input.span) }
    #expect(error?.code == row.code)
    #expect(error?.offset == row.offset)
}

@Test func parseErrorNamesLineColumnAndKey() {
    let error = #expect(throws: JSONParseError.self) {
        try JSONValue(parsing: "{\n  \"name\": 1,\n  \"name\": 2\n}")
    }
    #expect(error?.description == #"line 3, column 3: duplicate key "name""#)
    let character = #expect(throws: JSONParseError.self) { try JSONValue(parsing: "[1;2]") }
    #expect(character?.description == #"line 1, column 3: unexpected character ";""#)
}

@Test func depthIsLimited() throws {
    func nested(_ depth: Int, _ open: String = "[", _ close: String = "]") -> String {
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    _ = try JSONValue(parsing: nested(128))
    _ = try JSONValue(parsing: nested(128, #"{"a":"#, "}"))
    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: nested(129)) }
    #expect(error?.code == .tooDeep)
    #expect(error?.offset == 128)
    let deepest = JSONLimits(maximumDepth: .max)
    let half = nested(JSONLimits.deepest / 2, #"[{"a":"#, "}]")
    let value = try JSONValue(parsing: half, limits: deepest)
    #expect(value.text(.pretty).utf8.count > JSONLimits.deepest)
    #expect(throws: JSONParseError.self) {
        try JSONValue(parsing: String(repeating: "[", count: 1_000_000), limits: deepest)
    }
}

@Test func sizeIsLimited() throws {
    let limits = JSONLimits(maximumBytes: 8)
    _ = try JSONValue(parsing: "[123456]", limits: limits)
    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: "[1234567]", limits: limits) }
    #expect(error?.code == .tooLarge)
}

@Test func manyKeysTakeLinearTime() throws {
    func time(_ count: Int) throws -> Duration {
        let text = "{" + (0..<count).map { "\"key\($0)\":\($0)" }.joined(separator: ",") + "}"
        var shortest: Duration = .seconds(3600)
        for _ in 0..<3 {
            var found = 0
            shortest = try min(
                shortest, ContinuousClock().measure { found = try JSONValue(parsing: text).objectValue?.count ?? 0 })
            #expect(found == count)
        }
        return shortest
    }
    _ = try time(100)
    let small = try time(5_000)
    let large = try time(80_000)
    #expect(large < small * 120, "sixteen times the keys took \(small) and \(large)")
    let duplicate = "{" + (0..<1000).map { "\"k\($0 % 999)\":1" }.joined(separator: ",") + "}"
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: duplicate) }
}
