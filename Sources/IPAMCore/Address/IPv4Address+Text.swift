extension IPv4Address {
    /// Length of the longest text, `255.255.255.255`.
    public static let maximumTextLength = 15

    /// Reads dotted decimal with exactly four numbers.
    ///
    /// Numbers with a leading zero are refused, since readers disagree about their meaning (RFC 6943 §3.1.1).
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing text: String) throws(AddressParseError) {
        try self.init(parsing: text.utf8.span)
    }

    /// Reads dotted decimal from UTF-8 bytes without allocating.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        do throws(ParseFailure) {
            self = try Self.parse(utf8, in: 0..<utf8.count)
        } catch {
            throw AddressParseError(error, in: utf8)
        }
    }

    /// Reads the bytes of `range`; positions in failures count from the start of the span.
    @usableFromInline
    static func parse(_ utf8: borrowing Span<UInt8>, in range: Range<Int>) throws(ParseFailure) -> IPv4Address {
        // Indices into a span of just these bytes need no second check against its end.
        let text = utf8.extracting(range)
        let base = range.lowerBound
        guard text.count > 0 else {
            throw ParseFailure(base < utf8.count ? .unexpectedCharacter : .empty, at: base)
        }
        var position = 0
        var bits: UInt32 = 0
        var octet = 0
        while true {
            guard position < text.count else { throw ParseFailure(.unexpectedEnd, at: base &+ position) }
            let start = position
            var value = UInt32(text[position] &- ASCII.zero)
            guard value < 10 else { throw ParseFailure(.unexpectedCharacter, at: base &+ position) }
            position &+= 1
            while position < text.count {
                let digit = UInt32(text[position] &- ASCII.zero)
                guard digit < 10 else { break }
                guard value != 0 else { throw ParseFailure(.leadingZero, at: base &+ start) }
                value = value &* 10 &+ digit
                guard value <= 255 else { throw ParseFailure(.octetOutOfRange, at: base &+ start) }
                position &+= 1
            }
            bits = bits << 8 | value
            octet &+= 1
            if octet == 4 { break }
            guard position < text.count else { throw ParseFailure(.unexpectedEnd, at: base &+ position) }
            guard text[position] == ASCII.dot else { throw ParseFailure(.unexpectedCharacter, at: base &+ position) }
            position &+= 1
        }
        guard position == text.count else { throw ParseFailure(.trailingCharacters, at: base &+ position) }
        return IPv4Address(bits: bits)
    }

    /// Appends dotted decimal; needs room for ``maximumTextLength`` bytes, traps without it.
    @inline(__always)
    public func write(to output: inout OutputSpan<UInt8>) {
        let (first, second, third, fourth) = octets
        output.appendDecimal(first)
        output.append(ASCII.dot)
        output.appendDecimal(second)
        output.append(ASCII.dot)
        output.appendDecimal(third)
        output.append(ASCII.dot)
        output.appendDecimal(fourth)
    }
}

extension IPv4Address: LosslessStringConvertible {
    /// Reads dotted decimal; `nil` where ``init(parsing:)-(String)`` would throw.
    public init?(_ description: String) {
        guard let address = try? IPv4Address(parsing: description) else { return nil }
        self = address
    }

    /// Dotted decimal.
    public var description: String {
        String(asciiCapacity: Self.maximumTextLength) { output in write(to: &output) }
    }
}
