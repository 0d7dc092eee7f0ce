internal import JSONTree

/// Finds the lines on which the values of a JSON text begin; the text is known to be legal.
struct JSONLineMap {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lines: [JSONFieldPath: Int] = [:]

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func map() -> [JSONFieldPath: Int] {
        scan(.root)
        return lines
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func advance() {
        if current == 0x0a { line += 1 }
        position += 1
    }

    private mutating func skipBlanks() {
        while let byte = current, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { advance() }
    }

    private mutating func scan(_ path: JSONFieldPath) {
        skipBlanks()
        lines[path] = line
        switch current {
        case UInt8(ascii: "{"): scanMembers(UInt8(ascii: "}")) { $0.scanMember(path) }
        case UInt8(ascii: "["):
            var index = 0
            scanMembers(UInt8(ascii: "]")) { map in
                map.scan(path.appending(index))
                index += 1
            }
        case UInt8(ascii: "\""): _ = scanString()
        default:
            while let byte = current, !"]},".utf8.contains(byte), byte > 0x20 { advance() }
        }
    }

    private mutating func scanMembers(_ end: UInt8, _ scanOne: (inout JSONLineMap) -> Void) {
        advance()
        skipBlanks()
        while let byte = current, byte != end {
            scanOne(&self)
            skipBlanks()
            if current == UInt8(ascii: ",") { advance() }
            skipBlanks()
        }
        advance()
    }

    private mutating func scanMember(_ path: JSONFieldPath) {
        let key = scanString()
        skipBlanks()
        advance()
        scan(path.appending(key))
    }

    private mutating func scanString() -> String {
        let start = position
        advance()
        while let byte = current, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { advance() }
            advance()
        }
        advance()
        let text = String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
        return (try? JSONValue(parsing: text))?.stringValue ?? ""
    }
}
