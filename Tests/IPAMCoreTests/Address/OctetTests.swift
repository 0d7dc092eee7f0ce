import IPAMCore
import Testing

/// An address and its bytes as the network carries them.
struct OctetRow: Sendable, CustomTestStringConvertible {
    let address: String
    let octets: [UInt8]
    var testDescription: String { address }
}

@Suite struct OctetTests {
    static let rows: [OctetRow] = [
        OctetRow(address: "10.6.168.101", octets: [10, 6, 168, 101]),
        OctetRow(address: "255.0.0.1", octets: [255, 0, 0, 1]),
        OctetRow(
            address: "102:304:506:708:90a:b0c:d0e:f10", octets: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
        OctetRow(address: "fd00::ff", octets: [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff]),
        OctetRow(address: "::ffff:10.0.0.1", octets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1]),
    ]

    @Test(arguments: rows) func readsAndWrites(_ row: OctetRow) throws {
        let address = try IPAddress(parsing: row.address)
        #expect(IPAddress(octets: row.octets.span) == address)
        let written = [UInt8](capacity: 16) { output in address.writeOctets(to: &output) }
        #expect(written == row.octets)
    }

    @Test func otherNumbersOfBytesAreRefused() {
        for count in 0...20 where count != 4 && count != 16 {
            #expect(IPAddress(octets: [UInt8](repeating: 1, count: count).span) == nil)
            #expect(count == 6 || MACAddress(octets: [UInt8](repeating: 1, count: count).span) == nil)
        }
        #expect(IPv4Address(octets: [UInt8](repeating: 1, count: 16).span) == nil)
        #expect(IPv6Address(octets: [UInt8](repeating: 1, count: 4).span) == nil)
    }

    @Test func hardwareAddresses() throws {
        let address = try MACAddress(parsing: "0a:1b:ac:16:04:0a")
        let octets: [UInt8] = [0x0a, 0x1b, 0xac, 0x16, 0x04, 0x0a]
        #expect(MACAddress(octets: octets.span) == address)
        let written = [UInt8](capacity: 6) { output in address.writeOctets(to: &output) }
        #expect(written == octets)
    }
}
