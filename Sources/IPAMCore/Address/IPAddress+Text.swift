extension IPAddress {
    /// Reads an address of either family; a text with a colon is IPv6.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing text: String) throws(AddressParseError) {
        try self.init(parsing: text.utf8.span)
    }

    /// Reads an address of either family from UTF-8 bytes without allocating.
    ///
    /// - Throws: ``AddressParseError`` with the position of the first byte that does not fit.
    public init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        do throws(ParseFailure) {
            self = try Self.parse(utf8, in: 0..<utf8.count)
        } catch {
            throw AddressParseError(error, in: utf8)
        }
    }

    @usableFromInline
    static func parse(_ utf8: borrowing Span<UInt8>, in range: Range<Int>) throws(ParseFailure) -> IPAddress {
        for index in range {
            if utf8[index] == ASCII.colon { return .v6(try IPv6Address.parse(utf8, in: range)) }
            if utf8[index] == ASCII.dot { break }
        }
        return .v4(try IPv4Address.parse(utf8, in: range))
    }

    /// Appends the canonical text; needs room for ``IPv6Address/maximumTextLength`` bytes, traps without it.
    public func write(to output: inout OutputSpan<UInt8>) {
        switch self {
        case .v4(let address): address.write(to: &output)
        case .v6(let address): address.write(to: &output)
        }
    }
}

extension IPAddress: LosslessStringConvertible {
    /// Reads an address of either family; `nil` where ``init(parsing:)-(String)`` would throw.
    public init?(_ description: String) {
        guard let address = try? IPAddress(parsing: description) else { return nil }
        self = address
    }

    /// Dotted decimal, or the canonical text of RFC 5952.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
