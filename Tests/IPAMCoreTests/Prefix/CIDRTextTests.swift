import IPAMCore
import Testing

/// A prefix that is refused where specifications are stored, and what the refusal says.
struct RefusedCIDRRow: Sendable, CustomTestStringConvertible {
    let input: String
    let code: AddressParseError.Code
    let position: Int
    var proposal: String?
    /// What the lenient reader makes of it; `nil` when it refuses too.
    var lenient: String?
    var testDescription: String { input.debugDescription }
}

struct LabelRow: Sendable, CustomTestStringConvertible {
    let cidr: String
    let label: String?
    var testDescription: String { cidr }
}

@Suite struct CIDRTextTests {
    static let canonical = [
        "0.0.0.0/0", "10.0.0.0/8", "10.6.0.0/16", "192.168.0.0/24", "192.168.0.254/31", "255.255.255.255/32",
        "128.0.0.0/1", "0.0.0.0/32", "::/0", "8000::/1", "fd00::/8", "fd00::/64", "2001:db8::/32", "::/128",
        "::1/128", "fd00:172:100::/64", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "1:2:3:4:5:6:7:8/128",
        "::ffff:10.0.0.0/104",
    ]

    @Test(arguments: canonical) func readsCanonicalText(_ text: String) throws {
        let cidr = try CIDR(parsing: text)
        #expect(cidr.description == text)
        #expect(CIDR(text) == cidr)
        #expect(try CIDR(lenientParsing: text) == cidr)
        #expect(try CIDR(parsing: Array(text.utf8).span) == cidr)
    }

    static let refused: [RefusedCIDRRow] = [
        RefusedCIDRRow(
            input: "192.168.0.1/24", code: .hostBitsSet, position: 0, proposal: "192.168.0.0/24",
            lenient: "192.168.0.0/24"),
        RefusedCIDRRow(
            input: "10.6.0.1/16", code: .hostBitsSet, position: 0, proposal: "10.6.0.0/16", lenient: "10.6.0.0/16"),
        RefusedCIDRRow(
            input: "255.255.255.255/0", code: .hostBitsSet, position: 0, proposal: "0.0.0.0/0", lenient: "0.0.0.0/0"),
        RefusedCIDRRow(
            input: "FD00::1/64", code: .hostBitsSet, position: 0, proposal: "fd00::/64", lenient: "fd00::/64"),
        RefusedCIDRRow(
            input: "::1/127", code: .hostBitsSet, position: 0, proposal: "::/127", lenient: "::/127"),
        RefusedCIDRRow(
            input: "FD00::/64", code: .notCanonical, position: 0, proposal: "fd00::/64", lenient: "fd00::/64"),
        RefusedCIDRRow(
            input: "fd00:0::/64", code: .notCanonical, position: 5, proposal: "fd00::/64", lenient: "fd00::/64"),
        RefusedCIDRRow(
            input: "fd00::0/64", code: .notCanonical, position: 6, proposal: "fd00::/64", lenient: "fd00::/64"),
        RefusedCIDRRow(
            input: "0:0:0:0:0:0:0:0/0", code: .notCanonical, position: 0, proposal: "::/0", lenient: "::/0"),
        RefusedCIDRRow(input: "", code: .empty, position: 0),
        RefusedCIDRRow(input: "/", code: .unexpectedCharacter, position: 0),
        RefusedCIDRRow(input: "/24", code: .unexpectedCharacter, position: 0),
        RefusedCIDRRow(input: "10.6.0.0", code: .missingPrefixLength, position: 8),
        RefusedCIDRRow(input: "fd00::", code: .missingPrefixLength, position: 6),
        RefusedCIDRRow(input: "10.6.0.0/", code: .unexpectedEnd, position: 9),
        RefusedCIDRRow(input: "10.6.0.0/33", code: .prefixLengthOutOfRange, position: 9),
        RefusedCIDRRow(input: "fd00::/129", code: .prefixLengthOutOfRange, position: 7),
        RefusedCIDRRow(
            input: "fd00::/99999999999999999999999999", code: .prefixLengthOutOfRange, position: 7),
        RefusedCIDRRow(input: "10.6.0.0/016", code: .leadingZero, position: 9),
        RefusedCIDRRow(input: "10.6.0.0/00", code: .leadingZero, position: 9),
        RefusedCIDRRow(input: "10.6.0.0/-1", code: .unexpectedCharacter, position: 9),
        RefusedCIDRRow(input: "10.6.0.0/+8", code: .unexpectedCharacter, position: 9),
        RefusedCIDRRow(input: "10.6.0.0/16/16", code: .unexpectedCharacter, position: 11),
        RefusedCIDRRow(input: "10.6.0.0/255.255.0.0", code: .prefixLengthOutOfRange, position: 9),
        RefusedCIDRRow(input: "10.6.0.0 /16", code: .trailingCharacters, position: 8),
        RefusedCIDRRow(input: "10.6.0.0/16 ", code: .unexpectedCharacter, position: 11),
        RefusedCIDRRow(input: "10.6.0/16", code: .unexpectedEnd, position: 6),
        RefusedCIDRRow(input: "10.6/16", code: .unexpectedEnd, position: 4),
        RefusedCIDRRow(input: "010.6.0.0/16", code: .leadingZero, position: 0),
        RefusedCIDRRow(input: "10.6.0.256/16", code: .octetOutOfRange, position: 7),
        RefusedCIDRRow(input: "fe80::1%eth0/64", code: .zone, position: 7),
        RefusedCIDRRow(input: "fd00::/６4", code: .unexpectedCharacter, position: 7),
    ]

    @Test(arguments: refused) func refuses(_ row: RefusedCIDRRow) throws {
        let error = #expect(throws: AddressParseError.self) { try CIDR(parsing: row.input) }
        #expect(error?.code == row.code)
        #expect(error?.position == row.position)
        #expect(error?.proposal == row.proposal)
        #expect(error?.input == row.input)
        #expect(CIDR(row.input) == nil)
        if let proposal = row.proposal { #expect(CIDR(proposal)?.description == proposal) }
    }

    @Test(arguments: refused) func lenientReaderDropsHostBits(_ row: RefusedCIDRRow) throws {
        if let lenient = row.lenient {
            #expect(try CIDR(lenientParsing: row.input).description == lenient)
            #expect(try CIDR(lenientParsing: Array(row.input.utf8).span).description == lenient)
        } else {
            let error = #expect(throws: AddressParseError.self) { try CIDR(lenientParsing: row.input) }
            #expect(error?.code == row.code)
            #expect(error?.position == row.position)
        }
    }

    @Test func refusalSaysWhatToWrite() {
        let error = #expect(throws: AddressParseError.self) { try CIDR(parsing: "192.168.0.1/24") }
        #expect(
            error?.description
                == "\"192.168.0.1/24\": not a network address: host bits are set at position 0; write \"192.168.0.0/24\""
        )
    }

    @Test func partsKeepTheHostAddress() throws {
        let parts = try CIDR.parts(of: "10.6.0.9/16".utf8.span)
        #expect(parts.address == IPAddress("10.6.0.9"))
        #expect(parts.prefixLength == 16)
    }

    static let labels: [LabelRow] = [
        LabelRow(cidr: "172.100.0.0/16", label: "172-100-0-0-16"),
        LabelRow(cidr: "0.0.0.0/0", label: "0-0-0-0-0"),
        LabelRow(cidr: "fd00:172:100::/64", label: "fd00-172-100---64"),
        LabelRow(cidr: "fd00::/8", label: "fd00---8"),
        LabelRow(cidr: "1:2:3:4:5:6:7:8/128", label: "1-2-3-4-5-6-7-8-128"),
        LabelRow(cidr: "::/64", label: nil),
        LabelRow(cidr: "::1/128", label: nil),
        LabelRow(cidr: "::ffff:10.0.0.0/104", label: nil),
    ]

    @Test(arguments: labels) func label(_ row: LabelRow) throws {
        #expect(try CIDR(parsing: row.cidr).labelValue == row.label)
    }
}
