extension AddressRange {
    /// Reads `a` or `a-b`: no blanks, no CIDR, both of one family, ascending, no IPv4-mapped IPv6 address.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit and, where there is one
    ///   obvious answer, with the text to write instead.
    public init(parsing text: String) throws(AddressParseError) {
        try self.init(parsing: text.utf8.span)
    }

    /// Reads `a` or `a-b` from UTF-8 bytes without allocating; see ``init(parsing:)-(String)``.
    public init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        do throws(ParseFailure) {
            self = try Self.parse(utf8)
        } catch {
            throw AddressParseError(error, in: utf8, proposal: Self.proposal(for: utf8))
        }
    }

    private static func parse(_ utf8: borrowing Span<UInt8>) throws(ParseFailure) -> AddressRange {
        var dash = 0
        while dash < utf8.count, utf8[dash] != ASCII.dash {
            if utf8[dash] == ASCII.slash { throw ParseFailure(.prefixNotAllowed, at: dash) }
            dash += 1
        }
        let lower = try unmapped(IPAddress.parse(utf8, in: 0..<dash), at: 0)
        guard dash < utf8.count else { return AddressRange(lower) }
        let start = dash + 1
        guard start < utf8.count else { throw ParseFailure(.unexpectedEnd, at: start) }
        for position in start..<utf8.count where utf8[position] == ASCII.slash {
            throw ParseFailure(.prefixNotAllowed, at: position)
        }
        let upper = try unmapped(IPAddress.parse(utf8, in: start..<utf8.count), at: start)
        guard lower.family == upper.family else { throw ParseFailure(.mixedFamilies, at: start) }
        guard lower <= upper else { throw ParseFailure(.descendingRange, at: start) }
        return AddressRange(lower, upper)
    }

    private static func unmapped(_ address: IPAddress, at position: Int) throws(ParseFailure) -> IPAddress {
        guard address.unmapped == address else { throw ParseFailure(.mappedNotAllowed, at: position) }
        return address
    }

    /// What the writer most likely meant: the range of a CIDR, the ends in order, the text without blanks, IPv4
    /// instead of IPv4-mapped. Always a text that this parser accepts.
    private static func proposal(for utf8: borrowing Span<UInt8>) -> String? {
        guard utf8.count <= 100, let compact = withoutBlanks(utf8), let range = intended(compact.span) else {
            return nil
        }
        let text = range.description
        return (try? parse(text.utf8.span)) == nil ? nil : text
    }

    /// The bytes without the blanks at the ends and around `-` and `/`; `nil` when a blank stands anywhere else.
    private static func withoutBlanks(_ utf8: borrowing Span<UInt8>) -> [UInt8]? {
        var compact: [UInt8] = []
        var followsBlank = false
        for index in 0..<utf8.count {
            let byte = utf8[index]
            if byte == 0x20 || 0x09...0x0d ~= byte {
                followsBlank = true
                continue
            }
            if followsBlank, let last = compact.last, !isSeparator(last), !isSeparator(byte) { return nil }
            followsBlank = false
            compact.append(byte)
        }
        return compact
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == ASCII.dash || byte == ASCII.slash }

    /// The range that a CIDR stands for, or that lies between one or two addresses in either order.
    private static func intended(_ utf8: borrowing Span<UInt8>) -> AddressRange? {
        if let (address, length) = try? CIDR.parts(of: utf8) {
            let unmapped = address.unmapped
            // The prefix length of an IPv4-mapped address counts the 96 bits before the IPv4 part.
            let dropped = address.family.bitWidth - unmapped.family.bitWidth
            return CIDR(containing: unmapped, prefixLength: length - dropped)?.range
        }
        var addresses: [IPAddress] = []
        var start = 0
        for index in 0...utf8.count where index == utf8.count || utf8[index] == ASCII.dash {
            guard addresses.count < 2, let address = try? IPAddress.parse(utf8, in: start..<index) else { return nil }
            addresses.append(address.unmapped)
            start = index + 1
        }
        guard let first = addresses.first, let last = addresses.last, first.family == last.family else { return nil }
        return AddressRange(min(first, last), max(first, last))
    }
}

extension AddressRange: LosslessStringConvertible {
    /// Reads `a` or `a-b`; `nil` where ``init(parsing:)-(String)`` would throw.
    public init?(_ description: String) {
        guard let range = try? AddressRange(parsing: description) else { return nil }
        self = range
    }

    /// `a`, or `a-b`, with canonical addresses.
    public var description: String {
        lowerBound == upperBound ? lowerBound.description : "\(lowerBound)-\(upperBound)"
    }
}
