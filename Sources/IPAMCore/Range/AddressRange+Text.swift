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
    /// instead of IPv4-mapped.
    private static func proposal(for utf8: borrowing Span<UInt8>) -> String? {
        guard utf8.count <= 100 else { return nil }
        var compact: [UInt8] = []
        var ends: [[UInt8]] = [[]]
        for index in 0..<utf8.count where utf8[index] > 0x20 {
            compact.append(utf8[index])
            if utf8[index] == ASCII.dash { ends.append([]) } else { ends[ends.count - 1].append(utf8[index]) }
        }
        if let (address, length) = try? CIDR.parts(of: compact.span),
            let cidr = CIDR(containing: address.unmapped, prefixLength: length)
        {
            return cidr.range.description
        }
        var addresses: [IPAddress] = []
        for end in ends {
            guard let address = try? IPAddress(parsing: end.span) else { return nil }
            addresses.append(address.unmapped)
        }
        guard let first = addresses.first, let last = addresses.last, addresses.count <= 2,
            first.family == last.family
        else { return nil }
        return AddressRange(min(first, last), max(first, last)).description
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
