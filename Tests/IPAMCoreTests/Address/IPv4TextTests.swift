import IPAMCore
import Testing

@Suite struct IPv4TextTests {
    @Test(arguments: ["0.0.0.0", "255.255.255.255", "10.6.168.101", "1.20.3.40", "100.200.100.200"])
    func readsWhatItWrites(_ text: String) throws {
        #expect(try IPv4Address(parsing: text).description == text)
        #expect(IPAddress(text)?.description == text)
    }

    @Test func numberAndOctetsAgree() {
        let address = IPv4Address(10, 6, 168, 101)
        #expect(address.bits == 0x0a06_a865)
        #expect(address.octets == (10, 6, 168, 101))
    }

    static let refused: [RefusedRow] = [
        RefusedRow(input: "", code: .empty, position: 0),
        RefusedRow(input: ".", code: .unexpectedCharacter, position: 0),
        RefusedRow(input: "1", code: .unexpectedEnd, position: 1),
        RefusedRow(input: "1.2.3", code: .unexpectedEnd, position: 5),
        RefusedRow(input: "1.2.3.", code: .unexpectedEnd, position: 6),
        RefusedRow(input: "1.2.3.4.", code: .trailingCharacters, position: 7),
        RefusedRow(input: "1.2.3.4.5", code: .trailingCharacters, position: 7),
        RefusedRow(input: "1..3.4", code: .unexpectedCharacter, position: 2),
        RefusedRow(input: "256.1.1.1", code: .octetOutOfRange, position: 0),
        RefusedRow(input: "1.1.1.1000", code: .octetOutOfRange, position: 6),
        RefusedRow(input: "1.1.1.99999999999999999999", code: .octetOutOfRange, position: 6),
        RefusedRow(input: "010.0.0.1", code: .leadingZero, position: 0),
        RefusedRow(input: "10.0.0.00", code: .leadingZero, position: 7),
        RefusedRow(input: "0x0a.0.0.1", code: .unexpectedCharacter, position: 1),
        RefusedRow(input: "+1.0.0.1", code: .unexpectedCharacter, position: 0),
        RefusedRow(input: " 10.0.0.1", code: .unexpectedCharacter, position: 0),
        RefusedRow(input: "10.0.0.1 ", code: .trailingCharacters, position: 8),
        RefusedRow(input: "10.0.0.1/8", code: .trailingCharacters, position: 8),
        RefusedRow(input: "١.٢.٣.٤", code: .unexpectedCharacter, position: 0),
    ]

    @Test(arguments: refused) func refuses(_ row: RefusedRow) {
        let error = #expect(throws: AddressParseError.self) { try IPv4Address(parsing: row.input) }
        #expect(error?.code == row.code)
        #expect(error?.position == row.position)
        #expect(IPv4Address(row.input) == nil)
    }

    @Test func arithmeticStaysInTheFamily() {
        #expect(IPv4Address.broadcast.adding(1) == nil)
        #expect(IPv4Address.unspecified.subtracting(1) == nil)
        #expect(IPv4Address(10, 0, 0, 255).adding(1) == IPv4Address(10, 0, 1, 0))
        #expect(IPAddress.highest(of: .ipv4).adding(1) == nil)
        #expect(IPAddress.highest(of: .ipv6).adding(1) == nil)
        #expect(IPAddress.lowest(of: .ipv6).subtracting(1) == nil)
        #expect(IPAddress(bits: 1 << 32, family: .ipv4) == nil)
        #expect(IPAddress.lowest(of: .ipv4).distance(to: .highest(of: .ipv4)) == 0xffff_ffff)
        #expect(IPAddress.lowest(of: .ipv4).distance(to: .highest(of: .ipv6)) == nil)
        #expect(IPAddress.highest(of: .ipv4) < IPAddress.lowest(of: .ipv6))
    }

    @Test func valuesArePlain() {
        #expect(MemoryLayout<IPv4Address>.size == 4)
        #expect(MemoryLayout<IPv6Address>.size == 16)
        #expect(MemoryLayout<IPAddress>.size <= 17)
        #expect(MemoryLayout<MACAddress>.size == 6)
    }
}
