extension CIDR {
    /// Reads a prefix that is written canonically, as stored specifications demand.
    ///
    /// - Throws: ``AddressParseError``; for a prefix with host bits (`10.6.0.1/16`) or another spelling
    ///   (`FD00::/64`) its ``AddressParseError/proposal`` is the text to write instead.
    public init(parsing text: String) throws(AddressParseError) {
        try self.init(parsing: text.utf8.span)
    }

    /// Reads a canonical prefix from UTF-8 bytes; see ``init(parsing:)-(String)``.
    public init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        let (address, length) = try Self.parts(of: utf8)
        let cidr = Self.masking(address, length)
        guard cidr.network == address else {
            throw AddressParseError(
                .hostBitsSet, at: 0, in: AddressParseError.excerpt(of: utf8), proposal: cidr.description)
        }
        let canonical = cidr.description
        var difference: Int?
        let bytes = canonical.utf8.span
        for index in 0..<Swift.max(bytes.count, utf8.count) where difference == nil {
            if index >= bytes.count || index >= utf8.count || bytes[index] != utf8[index] { difference = index }
        }
        if let difference {
            throw AddressParseError(
                .notCanonical, at: difference, in: AddressParseError.excerpt(of: utf8), proposal: canonical)
        }
        self = cidr
    }

    /// Reads a prefix in any spelling and drops its host bits, as for route destinations.
    ///
    /// - Throws: ``AddressParseError`` when the text is no address with a prefix length.
    public init(lenientParsing text: String) throws(AddressParseError) {
        try self.init(lenientParsing: text.utf8.span)
    }

    /// Reads a prefix in any spelling from UTF-8 bytes without allocating; see ``init(lenientParsing:)-(String)``.
    public init(lenientParsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        let (address, length) = try Self.parts(of: utf8)
        self = Self.masking(address, length)
    }

    /// Reads `address/length` and keeps both as written: for interface addresses such as `10.6.0.9/16`.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public static func parts(
        of utf8: borrowing Span<UInt8>
    ) throws(AddressParseError) -> (address: IPAddress, prefixLength: Int) {
        do throws(ParseFailure) {
            return try parse(utf8)
        } catch {
            throw AddressParseError(error, in: utf8)
        }
    }

    private static func parse(_ utf8: borrowing Span<UInt8>) throws(ParseFailure) -> (IPAddress, Int) {
        guard utf8.count > 0 else { throw ParseFailure(.empty, at: 0) }
        var slash = 0
        while slash < utf8.count, utf8[slash] != ASCII.slash { slash += 1 }
        guard slash < utf8.count else {
            _ = try IPAddress.parse(utf8, in: 0..<slash)
            throw ParseFailure(.missingPrefixLength, at: slash)
        }
        let address = try IPAddress.parse(utf8, in: 0..<slash)
        let start = slash + 1
        var length = 0
        guard start < utf8.count else { throw ParseFailure(.unexpectedEnd, at: start) }
        for position in start..<utf8.count {
            let digit = Int(utf8[position] &- ASCII.zero)
            guard digit < 10 else { throw ParseFailure(.unexpectedCharacter, at: position) }
            guard position == start || length > 0 else { throw ParseFailure(.leadingZero, at: start) }
            length = length * 10 + digit
            guard length <= address.family.bitWidth else {
                throw ParseFailure(.prefixLengthOutOfRange, at: start)
            }
        }
        return (address, length)
    }

    private static func masking(_ address: IPAddress, _ length: Int) -> CIDR {
        let mask = hostMask(length, family: address.family)
        return CIDR(network: IPAddress(trusted: address.bits & ~mask, family: address.family), length: UInt8(length))
    }

    /// The prefix as a Kubernetes label value: `.`, `:` and `/` become `-`, so `fd00:172:100::/64` is `fd00-172-100---64`.
    ///
    /// `nil` for the few prefixes whose text would begin with a dash, such as `::/64`: that is no legal label value.
    public var labelValue: String? {
        let text = description
        guard text.utf8.first != ASCII.colon else { return nil }
        return String(asciiCapacity: text.utf8.count) { output in
            for byte in text.utf8 {
                let isSeparator = byte == ASCII.dot || byte == ASCII.colon || byte == ASCII.slash
                output.append(isSeparator ? ASCII.dash : byte)
            }
        }
    }
}

extension CIDR: LosslessStringConvertible {
    /// Reads a canonical prefix; `nil` where ``init(parsing:)-(String)`` would throw.
    public init?(_ description: String) {
        guard let cidr = try? CIDR(parsing: description) else { return nil }
        self = cidr
    }

    /// `network/length`, the canonical text.
    public var description: String {
        String(asciiCapacity: IPv6Address.maximumTextLength + 4) { output in
            network.write(to: &output)
            output.append(ASCII.slash)
            output.appendDecimal(length)
        }
    }
}
