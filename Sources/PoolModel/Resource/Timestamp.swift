/// The shape of times in manifests.
enum Timestamp {
    /// Whether the text is a time as RFC 3339 §5.6 writes it: `2026-01-31T12:00:00Z`, also with fraction and offset.
    static func isRFC3339(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        guard let month = match("0000-00-00T00:00:00", &bytes) else { return false }
        guard (1...12).contains(month[1]), (1...31).contains(month[2]), month[3] < 24, month[4] < 60, month[5] <= 60
        else { return false }
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            let digits = bytes.prefix { isDigit($0) }
            guard !digits.isEmpty else { return false }
            bytes = bytes.dropFirst(digits.count)
        }
        switch bytes.popFirst() {
        case UInt8(ascii: "Z"): return bytes.isEmpty
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard let offset = match("00:00", &bytes) else { return false }
            return bytes.isEmpty && offset[0] < 24 && offset[1] < 60
        default: return false
        }
    }

    /// Takes a text of this shape, a digit for every `0`, and returns its numbers.
    private static func match(_ shape: StaticString, _ bytes: inout ArraySlice<UInt8>) -> [Int]? {
        var numbers = [0]
        for expected in shape.description.utf8 {
            guard let byte = bytes.popFirst() else { return nil }
            if expected == UInt8(ascii: "0") {
                guard isDigit(byte) else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
            } else {
                guard byte == expected else { return nil }
                numbers.append(0)
            }
        }
        return numbers
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
