internal import JSONTree

/// Takes a list apart without making one tree of it: its items one by one, and the rest.
struct ListScanner {
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a list.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - receive: Gets each element of the member `items`, in order.
    /// - Returns: the document without that member.
    /// - Throws: `JSONParseError` with the place in the item or in the whole document.
    static func scan(_ bytes: [UInt8], _ receive: (JSONValue) -> Void) throws(JSONParseError) -> JSONValue {
        var scanner = ListScanner(bytes)
        guard let items = scanner.findItems() else { return try whole(bytes) }
        var position = items.lowerBound + 1
        while true {
            scanner.position = position
            scanner.skipBlanks()
            guard scanner.current != UInt8(ascii: "]") else { break }
            let start = scanner.position
            guard scanner.skipValue() else { return try whole(bytes) }
            receive(try JSONValue(parsing: bytes.span.extracting(start..<scanner.position)))
            scanner.skipBlanks()
            if scanner.current == UInt8(ascii: ",") {
                scanner.position += 1
            } else if scanner.current != UInt8(ascii: "]") {
                return try whole(bytes)
            }
            position = scanner.position
        }
        var rest = Array(bytes[..<items.lowerBound])
        rest += "null".utf8
        rest += bytes[items.upperBound...]
        return try JSONValue(parsing: rest.span)
    }

    /// The usual way, for a document that has no items or does not end: the error is the parser's then.
    private static func whole(_ bytes: [UInt8]) throws(JSONParseError) -> JSONValue {
        try JSONValue(parsing: bytes.span, limits: JSONLimits(maximumBytes: bytes.count))
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// Where the value of the member `items` of the outermost object stands; `nil` when there is no such array.
    private mutating func findItems() -> Range<Int>? {
        skipBlanks()
        guard current == UInt8(ascii: "{") else { return nil }
        position += 1
        while true {
            skipBlanks()
            let start = position
            guard current == UInt8(ascii: "\""), skipValue() else { return nil }
            let isItems = bytes[start..<position].elementsEqual("\"items\"".utf8)
            skipBlanks()
            guard current == UInt8(ascii: ":") else { return nil }
            position += 1
            skipBlanks()
            let value = position
            guard skipValue() else { return nil }
            if isItems { return bytes[value] == UInt8(ascii: "[") ? value..<position : nil }
            skipBlanks()
            guard current == UInt8(ascii: ",") else { return nil }
            position += 1
        }
    }

    /// Goes past a value; only brackets and quotation marks count. Returns whether it has an end.
    private mutating func skipValue() -> Bool {
        var depth = 0
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                while let inner = current, inner != UInt8(ascii: "\"") {
                    position += inner == UInt8(ascii: "\\") ? 2 : 1
                }
                guard current != nil else { return false }
                position += 1
                if depth == 0 { return true }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return position > start }
                depth -= 1
                if depth == 0 {
                    position += 1
                    return true
                }
            case UInt8(ascii: ","), 0x20, 0x0a, 0x0d, 0x09: if depth == 0 { return position > start }
            default: break
            }
            position += 1
        }
        return false
    }
}
