import IPAMCore
import Testing

/// Rows from RFC 5952, RFC 4291 and what people write.
struct TextRow: Sendable, CustomTestStringConvertible {
    let input: String
    let canonical: String
    var testDescription: String { input }
}

struct RefusedRow: Sendable, CustomTestStringConvertible {
    let input: String
    let code: AddressParseError.Code
    let position: Int
    var testDescription: String { input }
}

@Suite struct IPv6TextTests {
    static let accepted: [TextRow] = [
        // RFC 5952 §1 and §2: one address, many spellings.
        TextRow(input: "2001:db8:0:0:1:0:0:1", canonical: "2001:db8::1:0:0:1"),
        TextRow(input: "2001:0db8:0:0:1:0:0:1", canonical: "2001:db8::1:0:0:1"),
        TextRow(input: "2001:db8::1:0:0:1", canonical: "2001:db8::1:0:0:1"),
        TextRow(input: "2001:db8::0:1:0:0:1", canonical: "2001:db8::1:0:0:1"),
        TextRow(input: "2001:0db8::1:0:0:1", canonical: "2001:db8::1:0:0:1"),
        TextRow(input: "2001:db8:0:0:1::1", canonical: "2001:db8::1:0:0:1"),
        TextRow(input: "2001:DB8:0:0:1::1", canonical: "2001:db8::1:0:0:1"),
        // §4.2.2: one zero group is not compressed.
        TextRow(input: "2001:db8::1:1:1:1:1", canonical: "2001:db8:0:1:1:1:1:1"),
        // §4.2.3: the longest run, the first of equals.
        TextRow(input: "2001:0:0:1:0:0:0:1", canonical: "2001:0:0:1::1"),
        TextRow(input: "2001:db8:0:0:1:0:0:1", canonical: "2001:db8::1:0:0:1"),
        // §4.3: lower case.
        TextRow(input: "2001:db8:AAAA:BBBB:CCCC:DDDD:EEEE:FFFF", canonical: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"),
        // §5: IPv4-mapped with a dotted tail, others without.
        TextRow(input: "::ffff:c000:201", canonical: "::ffff:192.0.2.1"),
        TextRow(input: "::ffff:192.0.2.1", canonical: "::ffff:192.0.2.1"),
        TextRow(input: "64:ff9b::192.0.2.33", canonical: "64:ff9b::c000:221"),
        TextRow(input: "::192.0.2.1", canonical: "::c000:201"),
        // RFC 4291 §2.2.
        TextRow(input: "::", canonical: "::"),
        TextRow(input: "::1", canonical: "::1"),
        TextRow(input: "1::", canonical: "1::"),
        TextRow(input: "0:0:0:0:0:0:0:0", canonical: "::"),
        TextRow(input: "ff01:0:0:0:0:0:0:101", canonical: "ff01::101"),
        TextRow(input: "1:2:3:4:5:6:7::", canonical: "1:2:3:4:5:6:7:0"),
        TextRow(input: "::2:3:4:5:6:7:8", canonical: "0:2:3:4:5:6:7:8"),
        TextRow(input: "1:2:3:4:5:6:1.2.3.4", canonical: "1:2:3:4:5:6:102:304"),
        TextRow(input: "0:0:1::", canonical: "0:0:1::"),
    ]

    @Test(arguments: accepted) func reads(_ row: TextRow) throws {
        let address = try IPv6Address(parsing: row.input)
        #expect(address.description == row.canonical)
        #expect(try IPv6Address(parsing: row.canonical) == address)
        #expect(IPAddress(row.input) == .v6(address))
    }

    static let refused: [RefusedRow] = [
        RefusedRow(input: "", code: .empty, position: 0),
        RefusedRow(input: ":", code: .unexpectedEnd, position: 1),
        RefusedRow(input: ":::", code: .unexpectedCharacter, position: 2),
        RefusedRow(input: "1:::2", code: .unexpectedCharacter, position: 3),
        RefusedRow(input: "1::2::3", code: .misplacedCompression, position: 4),
        RefusedRow(input: "1:2:3:4:5:6:7:8::", code: .misplacedCompression, position: 0),
        RefusedRow(input: "1:2:3:4:5:6:7", code: .unexpectedEnd, position: 13),
        RefusedRow(input: "1:2:3:4:5:6:7:8:9", code: .tooManyGroups, position: 16),
        RefusedRow(input: "1:2:3:4:5:6:7:", code: .unexpectedEnd, position: 14),
        RefusedRow(input: ":1:2:3:4:5:6:7", code: .unexpectedCharacter, position: 0),
        RefusedRow(input: "12345::", code: .groupTooLong, position: 0),
        RefusedRow(input: "::00001", code: .groupTooLong, position: 2),
        RefusedRow(input: "fe80::1%eth0", code: .zone, position: 7),
        RefusedRow(input: "fe80::%1", code: .zone, position: 6),
        RefusedRow(input: "::g", code: .unexpectedCharacter, position: 2),
        RefusedRow(input: " ::1", code: .unexpectedCharacter, position: 0),
        RefusedRow(input: "::1 ", code: .unexpectedCharacter, position: 3),
        RefusedRow(input: "::ffff:1.2.3", code: .unexpectedEnd, position: 12),
        RefusedRow(input: "::ffff:1.2.3.256", code: .octetOutOfRange, position: 13),
        RefusedRow(input: "::ffff:01.2.3.4", code: .leadingZero, position: 7),
        RefusedRow(input: "1:2:3:4:5:6:7:1.2.3.4", code: .tooManyGroups, position: 14),
        RefusedRow(input: "::1.2.3.4:5", code: .trailingCharacters, position: 9),
        RefusedRow(input: "fe80::1/64", code: .unexpectedCharacter, position: 7),
        RefusedRow(input: "::\u{0}", code: .unexpectedCharacter, position: 2),
        RefusedRow(input: "１::", code: .unexpectedCharacter, position: 0),
    ]

    @Test(arguments: refused) func refuses(_ row: RefusedRow) {
        let error = #expect(throws: AddressParseError.self) { try IPv6Address(parsing: row.input) }
        #expect(error?.code == row.code)
        #expect(error?.position == row.position)
        #expect(error?.input == row.input)
        #expect(IPv6Address(row.input) == nil)
    }

    @Test func errorIsOneLineThatNamesInputAndPlace() {
        let error = #expect(throws: AddressParseError.self) { try IPAddress(parsing: "10.0.0.256") }
        #expect(error.map(String.init(describing:)) == "\"10.0.0.256\": number above 255 at position 7")
    }

    @Test func hugeInputIsCutInTheError() {
        let error = #expect(throws: AddressParseError.self) {
            try IPv6Address(parsing: String(repeating: "x", count: 100_000))
        }
        #expect((error?.input.utf8.count ?? .max) < 200)
    }
}
