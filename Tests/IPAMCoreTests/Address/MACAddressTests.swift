import IPAMCore
import Testing

@Suite struct MACAddressTests {
    @Test func readsBothSeparatorsAndWritesColons() throws {
        #expect(try MACAddress(parsing: "0A-1b-ac-16-04-0a").description == "0a:1b:ac:16:04:0a")
        #expect(try MACAddress(parsing: "ff:ff:ff:ff:ff:ff") == .broadcast)
    }

    @Test(arguments: [
        RefusedRow(input: "", code: .empty, position: 0),
        RefusedRow(input: "0a:1b:ac:16:04", code: .unexpectedEnd, position: 14),
        RefusedRow(input: "0a:1b:ac:16:04:0a:00", code: .trailingCharacters, position: 17),
        RefusedRow(input: "0a:1b-ac:16:04:0a", code: .malformedMAC, position: 5),
        RefusedRow(input: "0a.1b.ac.16.04.0a", code: .malformedMAC, position: 2),
        RefusedRow(input: "0g:1b:ac:16:04:0a", code: .malformedMAC, position: 1),
        RefusedRow(input: "a:1b:ac:16:04:0a", code: .malformedMAC, position: 1),
    ])
    func refuses(_ row: RefusedRow) {
        let error = #expect(throws: AddressParseError.self) { try MACAddress(parsing: row.input) }
        #expect(error?.code == row.code)
        #expect(error?.position == row.position)
    }

    @Test func prefixAndAddressMakeAFixedAddress() throws {
        let v4 = try IPAddress(parsing: "172.22.4.10")
        let v6 = try IPAddress(parsing: "fd00:22::a")
        #expect(MACAddress(prefix: (0x0a, 0x1b), address: v4)?.description == "0a:1b:ac:16:04:0a")
        #expect(MACAddress(prefix: (0x0a, 0x1b), address: v6)?.description == "0a:1b:00:00:00:0a")
        #expect(MACAddress(prefix: (0x03, 0x1b), address: v4) == nil)
    }

    @Test func bitsOfTheFirstByte() {
        #expect(MACAddress.broadcast.isMulticast)
        #expect(!MACAddress.zero.isAssignable)
        #expect(MACAddress(0x02, 0, 0, 0, 0, 1).isLocallyAdministered)
        #expect(MACAddress(0x02, 0, 0, 0, 0, 1).isAssignable)
    }

    @Test func linkLocalAddressFollowsEUI64() {
        // RFC 4291, appendix A: the universal/local bit is inverted, ff:fe goes into the middle.
        #expect(
            MACAddress(0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde).linkLocalAddress.description == "fe80::3656:78ff:fe9a:bcde")
    }
}
