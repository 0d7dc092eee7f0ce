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
        // Indices into a span of just these bytes need no second check against its end.
        let text = utf8.extracting(range)
        let base = range.lowerBound
        var position = 0
        guard text.count > 0 else { throw ParseFailure(.empty, at: base) }
        var bits: UInt128 = 0
        var groups = 0
        /// Number of groups read before `::`.
        var compressedAt: Int?

        if text[position] == ASCII.colon {
            guard position &+ 1 < text.count else { throw ParseFailure(.unexpectedEnd, at: base &+ text.count) }
            guard text[position &+ 1] == ASCII.colon else {
                throw ParseFailure(.unexpectedCharacter, at: base &+ position)
            }
            compressedAt = 0
            position += 2
        }
        while position < text.count {
            let start = position
            guard groups < 8 else { throw ParseFailure(.tooManyGroups, at: base &+ position) }
            var value: UInt32 = 0
            while position < text.count, let digit = ASCII.hexValue(text[position]) {
                guard position &- start < 4 else { throw ParseFailure(.groupTooLong, at: base &+ start) }
                value = value << 4 | UInt32(digit)
                position &+= 1
            }
            if position < text.count, text[position] == ASCII.dot, position > start {
                guard groups <= 6 else { throw ParseFailure(.tooManyGroups, at: base &+ start) }
                bits = bits << 32 | UInt128(try IPv4Address.parse(utf8, in: base &+ start..<range.upperBound).bits)
                groups += 2
                position = text.count
                break
            }
            guard position > start else {
                throw ParseFailure(text[start] == ASCII.percent ? .zone : .unexpectedCharacter, at: base &+ start)
            }
            bits = bits << 16 | UInt128(value)
            groups &+= 1
            guard position < text.count else { break }
            guard text[position] == ASCII.colon else {
                throw ParseFailure(text[position] == ASCII.percent ? .zone : .unexpectedCharacter, at: base &+ position)
            }
            position &+= 1
            guard position < text.count else { throw ParseFailure(.unexpectedEnd, at: base &+ text.count) }
            if text[position] == ASCII.colon {
                guard compressedAt == nil else { throw ParseFailure(.misplacedCompression, at: base &+ position &- 1) }
                compressedAt = groups
                position &+= 1
            }
        }
        guard let compressedAt else {
            guard groups == 8 else { throw ParseFailure(.unexpectedEnd, at: base &+ text.count) }
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
    @inline(__always)
    public func write(to output: inout OutputSpan<UInt8>) {
        if let mapped = mappedIPv4 {
            output.append(ASCII.colon)
            output.append(ASCII.colon)
            output.appendHex(0xffff)
            output.append(ASCII.colon)
            return mapped.write(to: &output)
        }
        let zeros = longestZeroRun()
        guard !zeros.isEmpty else { return write(groups: 0..<8, to: &output) }
        write(groups: 0..<zeros.lowerBound, to: &output)
        output.append(ASCII.colon)
        output.append(ASCII.colon)
        write(groups: zeros.upperBound..<8, to: &output)
    }

    /// Appends groups separated by colons.
    @inline(__always)
    private func write(groups: Range<Int>, to output: inout OutputSpan<UInt8>) {
        for index in groups {
            if index > groups.lowerBound { output.append(ASCII.colon) }
            output.appendHex(group(index))
        }
    }

    /// The groups that `::` stands for: the first longest run of at least two; empty when there is none.
    private func longestZeroRun() -> Range<Int> {
        // One bit for each group, the first group highest. A bit stays as long as it begins a run of `length` + 1.
        var starts = Self.zeroGroups(of: high) << 4 | Self.zeroGroups(of: low)
        var longest: UInt8 = 0
        var length = 0
        while starts != 0 {
            longest = starts
            length &+= 1
            starts &= starts << 1
        }
        let first = longest.leadingZeroBitCount
        return length > 1 ? first..<first &+ length : 0..<0
    }

    /// The four groups of a half that are zero, as the lower four bits, the first group highest.
    @inline(__always)
    private static func zeroGroups(of half: UInt64) -> UInt8 {
        let allButTop: UInt64 = 0x7fff_7fff_7fff_7fff
        let zeros = ~(((half & allButTop) &+ allButTop) | half | allButTop) >> 15
        return UInt8(truncatingIfNeeded: zeros | zeros >> 15 | zeros >> 30 | zeros >> 45) & 0xf
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
