import IPAMCore
import Testing

/// A range text that is accepted, its canonical form and size.
struct RangeTextRow: Sendable, CustomTestStringConvertible {
    let input: String
    let canonical: String
    let count: UInt128
    var testDescription: String { input }
}

/// A range text that is refused, and what the refusal says.
struct RefusedRangeRow: Sendable, CustomTestStringConvertible {
    let input: String
    let code: AddressParseError.Code
    let position: Int
    var proposal: String?
    var testDescription: String { input.debugDescription }
}

@Suite struct AddressRangeTextTests {
    static let accepted: [RangeTextRow] = [
        RangeTextRow(input: "10.6.168.101", canonical: "10.6.168.101", count: 1),
        RangeTextRow(input: "10.6.168.101-10.6.168.120", canonical: "10.6.168.101-10.6.168.120", count: 20),
        RangeTextRow(input: "10.0.0.5-10.0.0.5", canonical: "10.0.0.5", count: 1),
        RangeTextRow(input: "0.0.0.1-0.0.0.3", canonical: "0.0.0.1-0.0.0.3", count: 3),
        RangeTextRow(input: "0.0.0.0-255.255.255.255", canonical: "0.0.0.0-255.255.255.255", count: 1 << 32),
        RangeTextRow(input: "::1-::5", canonical: "::1-::5", count: 5),
        RangeTextRow(input: "fd00::0:1", canonical: "fd00::1", count: 1),
        RangeTextRow(input: "FD00:0::A-fd00::000b", canonical: "fd00::a-fd00::b", count: 2),
        RangeTextRow(
            input: "fd00::1-fd00::ffff:ffff:ffff:ffff", canonical: "fd00::1-fd00::ffff:ffff:ffff:ffff",
            count: UInt128(UInt64.max)),
        RangeTextRow(
            input: "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            canonical: "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", count: .max),
        RangeTextRow(input: "64:ff9b::10.0.0.1-64:ff9b::a00:2", canonical: "64:ff9b::a00:1-64:ff9b::a00:2", count: 2),
    ]

    @Test(arguments: accepted) func reads(_ row: RangeTextRow) throws {
        let range = try AddressRange(parsing: row.input)
        #expect(range.description == row.canonical)
        #expect(range.count == row.count)
        #expect(try AddressRange(parsing: row.canonical) == range)
        #expect(try AddressRange(parsing: Array(row.input.utf8).span) == range)
        #expect(AddressRange(row.input) == range)
    }

    static let refused: [RefusedRangeRow] = [
        // Downwards.
        RefusedRangeRow(
            input: "10.6.168.9-10.6.168.1", code: .descendingRange, position: 11, proposal: "10.6.168.1-10.6.168.9"),
        RefusedRangeRow(input: "::5-::1", code: .descendingRange, position: 4, proposal: "::1-::5"),
        // A prefix.
        RefusedRangeRow(
            input: "10.6.168.0/24", code: .prefixNotAllowed, position: 10, proposal: "10.6.168.0-10.6.168.255"),
        RefusedRangeRow(input: "10.0.0.0/30", code: .prefixNotAllowed, position: 8, proposal: "10.0.0.0-10.0.0.3"),
        RefusedRangeRow(input: "10.0.0.9/32", code: .prefixNotAllowed, position: 8, proposal: "10.0.0.9"),
        RefusedRangeRow(
            input: "fd00::/64", code: .prefixNotAllowed, position: 6, proposal: "fd00::-fd00::ffff:ffff:ffff:ffff"),
        RefusedRangeRow(
            input: "::ffff:10.0.0.0/126", code: .prefixNotAllowed, position: 15, proposal: "10.0.0.0-10.0.0.3"),
        RefusedRangeRow(input: "::ffff:10.0.0.0/24", code: .prefixNotAllowed, position: 15),
        RefusedRangeRow(input: "::fffe:0:0/95", code: .prefixNotAllowed, position: 10),
        RefusedRangeRow(input: "10.0.0.1-10.0.0.9/24", code: .prefixNotAllowed, position: 17),
        RefusedRangeRow(input: "10.0.0.0/24-10.0.1.0/24", code: .prefixNotAllowed, position: 8),
        RefusedRangeRow(input: "10.0.0.0/33", code: .prefixNotAllowed, position: 8),
        // Blanks.
        RefusedRangeRow(
            input: "10.6.168.1 - 10.6.168.9", code: .trailingCharacters, position: 10,
            proposal: "10.6.168.1-10.6.168.9"),
        RefusedRangeRow(
            input: "10.6.168.1- 10.6.168.9", code: .unexpectedCharacter, position: 11,
            proposal: "10.6.168.1-10.6.168.9"),
        RefusedRangeRow(
            input: " 10.6.168.1", code: .unexpectedCharacter, position: 0, proposal: "10.6.168.1"),
        RefusedRangeRow(input: "10.6.168.1\n", code: .trailingCharacters, position: 10, proposal: "10.6.168.1"),
        RefusedRangeRow(
            input: "fd00::1\t-fd00::2", code: .unexpectedCharacter, position: 7, proposal: "fd00::1-fd00::2"),
        RefusedRangeRow(
            input: "10.0.0.0 / 30", code: .prefixNotAllowed, position: 9, proposal: "10.0.0.0-10.0.0.3"),
        // A blank that separates says nothing about what was meant.
        RefusedRangeRow(input: "10.0.0.1 5", code: .trailingCharacters, position: 8),
        RefusedRangeRow(input: "10.0.0.1 10.0.0.2", code: .trailingCharacters, position: 8),
        RefusedRangeRow(input: "10.0.0.1\u{0}", code: .trailingCharacters, position: 8),
        // Two families.
        RefusedRangeRow(input: "10.0.0.1-fd00::1", code: .mixedFamilies, position: 9),
        RefusedRangeRow(input: "fd00::1-10.0.0.1", code: .mixedFamilies, position: 8),
        // IPv4-mapped.
        RefusedRangeRow(
            input: "::ffff:1.2.3.4", code: .mappedNotAllowed, position: 0, proposal: "1.2.3.4"),
        RefusedRangeRow(
            input: "::ffff:1.2.3.4-::ffff:1.2.3.9", code: .mappedNotAllowed, position: 0,
            proposal: "1.2.3.4-1.2.3.9"),
        RefusedRangeRow(
            input: "1.2.3.4-::ffff:102:309", code: .mappedNotAllowed, position: 8, proposal: "1.2.3.4-1.2.3.9"),
        RefusedRangeRow(input: "::-::ffff:0:0", code: .mappedNotAllowed, position: 3),
        // Pieces missing or too many.
        RefusedRangeRow(input: "", code: .empty, position: 0),
        RefusedRangeRow(input: " ", code: .unexpectedCharacter, position: 0),
        RefusedRangeRow(input: "-", code: .unexpectedCharacter, position: 0),
        RefusedRangeRow(input: "-10.0.0.1", code: .unexpectedCharacter, position: 0),
        RefusedRangeRow(input: "10.0.0.1-", code: .unexpectedEnd, position: 9),
        RefusedRangeRow(input: "10.0.0.1--10.0.0.2", code: .unexpectedCharacter, position: 9),
        RefusedRangeRow(input: "10.0.0.1-10.0.0.2-10.0.0.3", code: .trailingCharacters, position: 17),
        RefusedRangeRow(input: "10.0.0.1-9", code: .unexpectedEnd, position: 10),
        RefusedRangeRow(input: "10.0.0.1,10.0.0.2", code: .trailingCharacters, position: 8),
        RefusedRangeRow(input: "10.0.0.1–10.0.0.2", code: .trailingCharacters, position: 8),
        RefusedRangeRow(input: "10.0.0.*", code: .unexpectedCharacter, position: 7),
        RefusedRangeRow(input: "10.0.0.010-10.0.0.020", code: .leadingZero, position: 7),
        RefusedRangeRow(input: "10.0.0.1-10.0.0.256", code: .octetOutOfRange, position: 16),
        RefusedRangeRow(input: "fe80::1%eth-0", code: .zone, position: 7),
        RefusedRangeRow(input: "web-0", code: .unexpectedCharacter, position: 0),
    ]

    @Test(arguments: refused) func refuses(_ row: RefusedRangeRow) throws {
        let error = #expect(throws: AddressParseError.self) { try AddressRange(parsing: row.input) }
        #expect(error?.code == row.code)
        #expect(error?.position == row.position)
        #expect(error?.proposal == row.proposal)
        #expect(error?.input == row.input)
        #expect(AddressRange(row.input) == nil)
        if let proposal = row.proposal { #expect(AddressRange(proposal)?.description == proposal) }
        // One line, whatever the input holds.
        #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    }

    @Test func refusalIsOneLineAndShowsWhatCannotBeSeen() {
        let rows = [
            "10.0.0.1\n": #""10.0.0.1\u{A}": unexpected text after the value at position 8; write "10.0.0.1""#,
            "１0.0.0.1": #""\u{FF11}0.0.0.1": unexpected character at position 0"#,
            "\"": #""\"": unexpected character at position 0"#,
        ]
        for (input, description) in rows {
            let error = #expect(throws: AddressParseError.self) { try AddressRange(parsing: input) }
            #expect(error?.description == description)
        }
    }

    @Test func hugeInputIsRefusedBriefly() {
        let long = String(repeating: "1", count: 100_000)
        for input in [long, "10.0.0.1-" + long, long + "-10.0.0.1", String(repeating: "-", count: 100_000)] {
            let error = #expect(throws: AddressParseError.self) { try AddressRange(parsing: input) }
            #expect((error?.description.utf8.count ?? .max) < 300)
            #expect(error?.proposal == nil)
        }
    }
}
