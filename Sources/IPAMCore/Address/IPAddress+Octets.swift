extension IPv4Address {
    /// Reads four bytes in network order, as packets and kernel messages carry them; `nil` for any other number.
    @inlinable
    public init?(octets: borrowing Span<UInt8>) {
        guard octets.count == 4 else { return nil }
        self.init(octets[0], octets[1], octets[2], octets[3])
    }

    /// Appends the four bytes in network order; traps without room for them.
    @inlinable
    public func writeOctets(to output: inout OutputSpan<UInt8>) {
        for shift in stride(from: 24, through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
    }
}

extension IPv6Address {
    /// Reads sixteen bytes in network order, as packets and kernel messages carry them; `nil` for any other number.
    @inlinable
    public init?(octets: borrowing Span<UInt8>) {
        guard octets.count == 16 else { return nil }
        var bits: UInt128 = 0
        for index in 0..<16 { bits = bits << 8 | UInt128(octets[index]) }
        self.init(bits: bits)
    }

    /// Appends the sixteen bytes in network order; traps without room for them.
    @inlinable
    public func writeOctets(to output: inout OutputSpan<UInt8>) {
        for shift in stride(from: 120, through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
    }
}

extension IPAddress {
    /// Reads four bytes as IPv4 and sixteen as IPv6, in network order; `nil` for any other number.
    @inlinable
    public init?(octets: borrowing Span<UInt8>) {
        if let address = IPv4Address(octets: octets) {
            self = .v4(address)
        } else if let address = IPv6Address(octets: octets) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Appends the four or sixteen bytes in network order; traps without room for them.
    @inlinable
    public func writeOctets(to output: inout OutputSpan<UInt8>) {
        switch self {
        case .v4(let address): address.writeOctets(to: &output)
        case .v6(let address): address.writeOctets(to: &output)
        }
    }
}
