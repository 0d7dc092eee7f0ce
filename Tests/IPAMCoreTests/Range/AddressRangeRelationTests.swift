import IPAMCore
import Testing

/// Two ranges and how they lie.
struct RangePairRow: Sendable, CustomTestStringConvertible {
    let first: String
    let second: String
    var contains = false
    var before = false
    var adjacent = false
    var common: String?
    var testDescription: String { "\(first) and \(second)" }
}

@Suite struct AddressRangeRelationTests {
    static let pairs: [RangePairRow] = [
        RangePairRow(
            first: "10.0.0.1-10.0.0.9", second: "10.0.0.1-10.0.0.9", contains: true, common: "10.0.0.1-10.0.0.9"),
        RangePairRow(
            first: "10.0.0.1-10.0.0.9", second: "10.0.0.3-10.0.0.4", contains: true, common: "10.0.0.3-10.0.0.4"),
        RangePairRow(first: "10.0.0.1-10.0.0.9", second: "10.0.0.9", contains: true, common: "10.0.0.9"),
        RangePairRow(first: "10.0.0.1-10.0.0.9", second: "10.0.0.9-10.0.0.12", common: "10.0.0.9"),
        RangePairRow(first: "10.0.0.5", second: "10.0.0.1-10.0.0.9", common: "10.0.0.5"),
        RangePairRow(first: "10.0.0.1-10.0.0.9", second: "10.0.0.10-10.0.0.12", before: true, adjacent: true),
        RangePairRow(first: "10.0.0.10-10.0.0.12", second: "10.0.0.1-10.0.0.9", adjacent: true),
        RangePairRow(first: "10.0.0.1-10.0.0.9", second: "10.0.0.11", before: true),
        RangePairRow(first: "10.0.0.255", second: "10.0.1.0", before: true, adjacent: true),
        RangePairRow(first: "255.255.255.255", second: "::", before: true),
        RangePairRow(first: "0.0.0.0-255.255.255.255", second: "::-::ffff", before: true),
        RangePairRow(first: "::-::ffff", second: "0.0.0.0-255.255.255.255"),
        RangePairRow(first: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", second: "::"),
        RangePairRow(first: "255.255.255.255", second: "0.0.0.0"),
        RangePairRow(first: "fd00::ffff:ffff:ffff:ffff", second: "fd00:0:0:1::", before: true, adjacent: true),
        RangePairRow(
            first: "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", second: "fd00::-fd00::1", contains: true,
            common: "fd00::-fd00::1"),
    ]

    @Test(arguments: pairs) func relations(_ row: RangePairRow) throws {
        let first = try AddressRange(parsing: row.first)
        let second = try AddressRange(parsing: row.second)
        #expect(first.contains(second) == row.contains)
        #expect(first.isEntirelyBefore(second) == row.before)
        #expect(first.isAdjacent(to: second) == row.adjacent)
        #expect(second.isAdjacent(to: first) == row.adjacent)
        #expect(first.overlaps(second) == (row.common != nil))
        #expect(first.intersection(second)?.description == row.common)
        #expect(second.intersection(first)?.description == row.common)
        #expect(first.contains(second.lowerBound) == (row.common.map { $0.hasPrefix("\(second.lowerBound)") } ?? false))
    }

    @Test func coverOfHardRanges() throws {
        let low = try AddressRange(parsing: "0.0.0.1-255.255.255.254").cidrs
        #expect(low.count == 62)
        #expect(low.first?.description == "0.0.0.1/32")
        #expect(low.last?.description == "255.255.255.254/32")
        #expect(low[30].description == "64.0.0.0/2")

        let most = try AddressRange(parsing: "::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").cidrs
        #expect(most.count == 128)
        #expect(most.first?.description == "::1/128")
        #expect(most.last?.description == "8000::/1")
        #expect(try AddressRange(parsing: "::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe").cidrs.count == 254)
        #expect(try AddressRange(parsing: "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe").cidrs.count == 128)

        for family in AddressFamily.allCases {
            let everything = CIDR.everything(in: family)
            #expect(everything.range.cidrs == [everything])
            #expect(everything.range.cidr == everything)
        }
        #expect(
            try AddressRange(parsing: "10.0.0.5-10.0.0.20").cidrs.map(\.description)
                == ["10.0.0.5/32", "10.0.0.6/31", "10.0.0.8/29", "10.0.0.16/30", "10.0.0.20/32"])
        #expect(
            try AddressRange(parsing: "fd00::ffff:ffff:ffff:fffe-fd00:0:0:1::1").cidrs.map(\.description)
                == ["fd00::ffff:ffff:ffff:fffe/127", "fd00:0:0:1::/127"])
        #expect(try AddressRange(parsing: "10.0.0.1-10.0.0.2").cidr == nil)
    }

    @Test func sortsByFirstThenLast() throws {
        let sorted = ["0.0.0.0", "0.0.0.0-0.0.0.1", "0.0.0.1", "255.255.255.255", "::", "::-::1", "::1"]
        let ranges = try sorted.map { try AddressRange(parsing: $0) }
        #expect(ranges.reversed().sorted() == ranges)
        #expect(ranges.shuffled().sorted() == ranges)
        #expect(Set(ranges + ranges).count == ranges.count)
        for left in ranges.indices {
            for right in ranges.indices {
                #expect((ranges[left] < ranges[right]) == (left < right))
                #expect((ranges[left] == ranges[right]) == (left == right))
            }
        }
    }
}
