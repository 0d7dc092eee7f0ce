extension JSONParser {
    /// The bytes of `range` as text.
    static func text(_ input: borrowing Span<UInt8>, _ range: Range<Int>) throws(JSONFailure) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: input.extracting(range)))
        } catch {
            throw JSONFailure(.invalidUTF8, at: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// The bytes of `range`, which has escapes, as the text they stand for (RFC 8259 §7).
    static func unescape(_ input: borrowing Span<UInt8>, _ range: Range<Int>) throws(JSONFailure) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = input[index]
            guard byte == UInt8(ascii: "\\") else {
                output.append(byte)
                index &+= 1
                continue
            }
            // The scanner has seen to it that a byte follows every backslash within the range.
            switch input[index + 1] {
            case UInt8(ascii: "\""): output.append(0x22)
            case UInt8(ascii: "\\"): output.append(0x5c)
            case UInt8(ascii: "/"): output.append(0x2f)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0c)
            case UInt8(ascii: "n"): output.append(0x0a)
            case UInt8(ascii: "r"): output.append(0x0d)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = try unicodeEscape(input, index, end: range.upperBound)
                output.append(contentsOf: UTF8.encode(scalar) ?? .init())
                index &+= length &- 2
            default:
                throw JSONFailure(.invalidEscape, at: index)
            }
            index &+= 2
        }
        // Escapes are ASCII and stand for whole scalars, so the outcome is UTF-8 where the source is.
        _ = try text(input, range)
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads `\uXXXX`, or two of them that form a surrogate pair.
    private static func unicodeEscape(
        _ input: borrowing Span<UInt8>, _ start: Int, end: Int
    ) throws(JSONFailure) -> (Unicode.Scalar, length: Int) {
        guard let unit = codeUnit(input, start, end: end) else { throw JSONFailure(.invalidEscape, at: start) }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard unit < 0xdc00, let low = codeUnit(input, start + 6, end: end), (0xdc00...0xdfff).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(low) - 0xdc00))
        else { throw JSONFailure(.loneSurrogate, at: start) }
        return (scalar, 12)
    }

    /// The four hexadecimal digits of `\uXXXX` at `start`.
    private static func codeUnit(_ input: borrowing Span<UInt8>, _ start: Int, end: Int) -> UInt16? {
        guard start + 6 <= end, input[start] == UInt8(ascii: "\\"), input[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt16 = 0
        for index in start + 2..<start + 6 {
            let digit: UInt8
            switch input[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = input[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = input[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = input[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
