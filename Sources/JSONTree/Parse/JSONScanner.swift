/// A place in a document and the steps that do not build values: white space, words, numbers, the ends of strings.
struct JSONScanner {
    /// Offset of the next byte.
    var position = 0

    /// Skips blanks and line ends.
    @inline(__always)
    mutating func skipWhitespace(_ input: borrowing Span<UInt8>) {
        while position < input.count {
            switch input[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position &+= 1
            default: return
            }
        }
    }

    /// The failure for the byte at the current place, or for the end of the input.
    func unexpected(_ input: borrowing Span<UInt8>) -> JSONFailure {
        guard position < input.count else { return JSONFailure(.unexpectedEnd, at: position) }
        let byte = input[position]
        let shown = (0x21...0x7e).contains(byte) ? "\"\(Unicode.Scalar(byte))\"" : "0x" + String(byte, radix: 16)
        return JSONFailure(.unexpectedCharacter, at: position, shown)
    }

    /// Accepts exactly the bytes of `word`.
    mutating func skipWord(_ word: StaticString, _ input: borrowing Span<UInt8>) throws(JSONFailure) {
        let length = word.utf8CodeUnitCount
        var matched = 0
        let start = position
        while matched < length, start + matched < input.count, input[start + matched] == word.byte(at: matched) {
            matched += 1
        }
        position = start + matched
        guard matched == length else { throw unexpected(input) }
    }

    /// Accepts a number of RFC 8259 §6 and nothing behind it.
    mutating func skipNumber(_ input: borrowing Span<UInt8>) throws(JSONFailure) {
        let start = position
        if position < input.count, input[position] == UInt8(ascii: "-") { position &+= 1 }
        let first = position
        guard skipDigits(input) > 0 else { throw numberFailure(input, from: start) }
        if input[first] == UInt8(ascii: "0"), position > first + 1 { throw JSONFailure(.invalidNumber, at: start) }
        if position < input.count, input[position] == UInt8(ascii: ".") {
            position &+= 1
            guard skipDigits(input) > 0 else { throw numberFailure(input, from: start) }
        }
        if position < input.count, input[position] | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            if position < input.count, input[position] == UInt8(ascii: "+") || input[position] == UInt8(ascii: "-") {
                position &+= 1
            }
            guard skipDigits(input) > 0 else { throw numberFailure(input, from: start) }
        }
    }

    private func numberFailure(_ input: borrowing Span<UInt8>, from start: Int) -> JSONFailure {
        position < input.count ? JSONFailure(.invalidNumber, at: start) : JSONFailure(.unexpectedEnd, at: position)
    }

    private mutating func skipDigits(_ input: borrowing Span<UInt8>) -> Int {
        let start = position
        while position < input.count, input[position] &- UInt8(ascii: "0") < 10 { position &+= 1 }
        return position - start
    }

    /// Goes from an opening quotation mark to behind the closing one.
    ///
    /// - Returns: the bytes between the marks, and whether a backslash is among them.
    mutating func skipString(
        _ input: borrowing Span<UInt8>
    ) throws(JSONFailure) -> (content: Range<Int>, hasEscapes: Bool) {
        let start = position + 1
        var index = start
        var hasEscapes = false
        while index < input.count {
            let byte = input[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return (start..<index, hasEscapes)
            }
            guard byte >= 0x20 else {
                throw JSONFailure(
                    .controlCharacter, at: index, "U+00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index &+= 1
            }
            index &+= 1
        }
        throw JSONFailure(.unexpectedEnd, at: input.count)
    }
}

extension StaticString {
    /// The byte at `index` of an ASCII literal.
    @inline(__always)
    fileprivate func byte(at index: Int) -> UInt8 { unsafe utf8Start[index] }
}
