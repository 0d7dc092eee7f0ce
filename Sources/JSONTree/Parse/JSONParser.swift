/// The reader of whole documents: one pass, one frame per open array or object, no more of them than the limit.
struct JSONParser {
    private var scanner = JSONScanner()
    private var depth = 0
    private let maximumDepth: Int

    private init(maximumDepth: Int) { self.maximumDepth = maximumDepth }

    /// Reads one document that fills the input. O(length of the input).
    static func parse(_ input: borrowing Span<UInt8>, limits: JSONLimits) throws(JSONFailure) -> JSONValue {
        guard input.count <= limits.maximumBytes else {
            throw JSONFailure(.tooLarge, at: limits.maximumBytes, "(limit \(limits.maximumBytes) bytes)")
        }
        var parser = JSONParser(maximumDepth: limits.maximumDepth)
        parser.scanner.skipWhitespace(input)
        guard parser.scanner.position < input.count else { throw JSONFailure(.empty, at: parser.scanner.position) }
        let value = try parser.value(input)
        parser.scanner.skipWhitespace(input)
        guard parser.scanner.position == input.count else {
            throw JSONFailure(.trailingCharacters, at: parser.scanner.position)
        }
        return value
    }

    private mutating func value(_ input: borrowing Span<UInt8>) throws(JSONFailure) -> JSONValue {
        guard scanner.position < input.count else { throw scanner.unexpected(input) }
        switch input[scanner.position] {
        case UInt8(ascii: "{"):
            return .object(try object(input))
        case UInt8(ascii: "["):
            return .array(try array(input))
        case UInt8(ascii: "\""):
            return .string(try string(input))
        case UInt8(ascii: "t"):
            try scanner.skipWord("true", input)
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.skipWord("false", input)
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.skipWord("null", input)
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = scanner.position
            try scanner.skipNumber(input)
            return .number(JSONNumber(verified: try Self.text(input, start..<scanner.position)))
        default:
            throw scanner.unexpected(input)
        }
    }

    private mutating func enter() throws(JSONFailure) {
        guard depth < maximumDepth else {
            throw JSONFailure(.tooDeep, at: scanner.position, "(limit \(maximumDepth) levels)")
        }
        depth &+= 1
        scanner.position &+= 1
    }

    /// Whether the next byte is `byte`; goes past it and the white space behind it.
    private mutating func accept(_ byte: UInt8, _ input: borrowing Span<UInt8>) -> Bool {
        guard scanner.position < input.count, input[scanner.position] == byte else { return false }
        scanner.position &+= 1
        scanner.skipWhitespace(input)
        return true
    }

    private mutating func leave(_ closing: UInt8, _ input: borrowing Span<UInt8>) throws(JSONFailure) {
        guard scanner.position < input.count, input[scanner.position] == closing else {
            throw scanner.unexpected(input)
        }
        scanner.position &+= 1
        depth &-= 1
    }

    private mutating func array(_ input: borrowing Span<UInt8>) throws(JSONFailure) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        scanner.skipWhitespace(input)
        if scanner.position < input.count, input[scanner.position] != UInt8(ascii: "]") {
            repeat {
                elements.append(try value(input))
                scanner.skipWhitespace(input)
            } while accept(UInt8(ascii: ","), input)
        }
        try leave(UInt8(ascii: "]"), input)
        return elements
    }

    private mutating func object(_ input: borrowing Span<UInt8>) throws(JSONFailure) -> JSONObject {
        try enter()
        var members = JSONMemberList()
        scanner.skipWhitespace(input)
        if scanner.position < input.count, input[scanner.position] != UInt8(ascii: "}") {
            repeat {
                let start = scanner.position
                guard start < input.count, input[start] == UInt8(ascii: "\"") else { throw scanner.unexpected(input) }
                let key = try string(input)
                guard members.accepts(key) else {
                    throw JSONFailure(.duplicateKey, at: start, JSONValue.string(key).excerpt())
                }
                scanner.skipWhitespace(input)
                guard accept(UInt8(ascii: ":"), input) else { throw scanner.unexpected(input) }
                members.append(key, try value(input))
                scanner.skipWhitespace(input)
            } while accept(UInt8(ascii: ","), input)
        }
        try leave(UInt8(ascii: "}"), input)
        return JSONObject(unique: members.members)
    }

    private mutating func string(_ input: borrowing Span<UInt8>) throws(JSONFailure) -> String {
        let (content, hasEscapes) = try scanner.skipString(input)
        return hasEscapes ? try Self.unescape(input, content) : try Self.text(input, content)
    }
}

/// The members of an object while it is read: refuses a second member with the same key in constant time.
private struct JSONMemberList {
    private(set) var members: [(key: String, value: JSONValue)] = []
    /// All keys, once there are too many to compare with each.
    private var keys: Set<String> = []

    /// As many keys as are compared one by one.
    private static let few = 12

    mutating func accepts(_ key: String) -> Bool {
        if members.count < Self.few { return !members.contains { $0.key == key } }
        if keys.isEmpty { for member in members { keys.insert(member.key) } }
        return keys.insert(key).inserted
    }

    mutating func append(_ key: String, _ value: JSONValue) { members.append((key, value)) }
}

extension JSONValue {
    /// Reads one JSON document of RFC 8259, strictly: UTF-8, no duplicate keys, nothing behind it, within the limits.
    ///
    /// Time and memory are linear in the length of the input.
    ///
    /// - Throws: ``JSONParseError`` with the place of the first byte that does not fit.
    public init(parsing utf8: borrowing Span<UInt8>, limits: JSONLimits = .default) throws(JSONParseError) {
        do throws(JSONFailure) {
            self = try JSONParser.parse(utf8, limits: limits)
        } catch {
            throw JSONParseError(error, in: utf8)
        }
    }

    /// Reads one JSON document from a text, strictly, as the initializer that takes bytes does.
    ///
    /// - Throws: ``JSONParseError`` with the place of the first byte that does not fit.
    public init(parsing text: String, limits: JSONLimits = .default) throws(JSONParseError) {
        try self.init(parsing: text.utf8.span, limits: limits)
    }
}
