extension IPv6Address {
    /// Length of the longest canonical text, eight groups of four digits.
    public static let maximumTextLength = 39

    /// Reads any form of RFC 4291 §2.2: full, compressed, or with a dotted IPv4 tail. Zones are refused.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing text: String) throws(AddressParseError) {
        try self.init(parsing: text.utf8.span)
    }

    /// Reads any form of RFC 4291 §2.2 from UTF-8 bytes without allocating.
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
    static func parse(_ utf8: borrowing Span<UInt8>, in range: Range<Int>) throws(ParseFailure) -> IPv6Address {
        let end = range.upperBound
        var position = range.lowerBound
        guard position < end else { throw ParseFailure(.empty, at: position) }
        var bits: UInt128 = 0
        var groups = 0
        /// Number of groups read before `::`.
        var compressedAt: Int?

        if utf8[position] == ASCII.colon {
            guard position + 1 < end else { throw ParseFailure(.unexpectedEnd, at: end) }
            guard utf8[position + 1] == ASCII.colon else { throw ParseFailure(.unexpectedCharacter, at: position) }
            compressedAt = 0
            position += 2
        }
        while position < end {
            let start = position
            guard groups < 8 else { throw ParseFailure(.tooManyGroups, at: position) }
            var value: UInt32 = 0
            while position < end, let digit = ASCII.hexValue(utf8[position]) {
                guard position &- start < 4 else { throw ParseFailure(.groupTooLong, at: start) }
                value = value << 4 | UInt32(digit)
                position &+= 1
            }
            if position < end, utf8[position] == ASCII.dot, position > start {
                guard groups <= 6 else { throw ParseFailure(.tooManyGroups, at: start) }
                bits = bits << 32 | UInt128(try IPv4Address.parse(utf8, in: start..<end).bits)
                groups += 2
                position = end
                break
            }
            guard position > start else {
                throw ParseFailure(utf8[start] == ASCII.percent ? .zone : .unexpectedCharacter, at: start)
            }
            bits = bits << 16 | UInt128(value)
            groups &+= 1
            guard position < end else { break }
            guard utf8[position] == ASCII.colon else {
                throw ParseFailure(utf8[position] == ASCII.percent ? .zone : .unexpectedCharacter, at: position)
            }
            position &+= 1
            guard position < end else { throw ParseFailure(.unexpectedEnd, at: end) }
            if utf8[position] == ASCII.colon {
                guard compressedAt == nil else { throw ParseFailure(.misplacedCompression, at: position &- 1) }
                compressedAt = groups
                position &+= 1
            }
        }
        guard let compressedAt else {
            guard groups == 8 else { throw ParseFailure(.unexpectedEnd, at: end) }
            return IPv6Address(bits: bits)
        }
        guard groups < 8 else { throw ParseFailure(.misplacedCompression, at: range.lowerBound) }
        let tailBits = 16 * (groups - compressedAt)
        let tailMask = (UInt128(1) << UInt128(tailBits)) &- 1
        let head = bits & ~tailMask
        return IPv6Address(bits: head << UInt128(16 * (8 - groups)) | bits & tailMask)
    }

    /// Appends the canonical text of RFC 5952; needs room for ``maximumTextLength`` bytes, traps without it.
    ///
    /// Lower case, no leading zeros, the longest run of at least two zero groups compressed (the first of equals),
    /// IPv4-mapped addresses with a dotted tail (§5).
    public func write(to output: inout OutputSpan<UInt8>) {
        if let mapped = mappedIPv4 {
            output.append(ASCII.colon)
            output.append(ASCII.colon)
            output.appendHex(0xffff)
            output.append(ASCII.colon)
            return mapped.write(to: &output)
        }
        let zeros = longestZeroRun()
        var index = 0
        while index < 8 {
            if index == zeros.lowerBound, !zeros.isEmpty {
                output.append(ASCII.colon)
                output.append(ASCII.colon)
                index = zeros.upperBound
                continue
            }
            if index > 0, index != zeros.upperBound || zeros.isEmpty { output.append(ASCII.colon) }
            output.appendHex(group(index))
            index &+= 1
        }
    }

    /// The groups that `::` stands for: the first longest run of at least two; empty when there is none.
    private func longestZeroRun() -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || group(index) != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        return best
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// Reads any form of RFC 4291; `nil` where ``init(parsing:)-(String)`` would throw.
    public init?(_ description: String) {
        guard let address = try? IPv6Address(parsing: description) else { return nil }
        self = address
    }

    /// The canonical text of RFC 5952.
    public var description: String {
        String(asciiCapacity: Self.maximumTextLength) { output in write(to: &output) }
    }
}
