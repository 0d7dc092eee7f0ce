import IPAMCore
import Testing

/// A list as a manifest holds it, and its canonical form.
struct MergeRow: Sendable, CustomTestStringConvertible {
    let entries: [String]
    let merged: [String]
    let count: UInt128
    var testDescription: String { "\(entries)" }
}

/// A list that is refused.
struct RefusedListRow: Sendable, CustomTestStringConvertible {
    let entries: [String]
    var family: AddressFamily?
    let index: Int
    let code: AddressParseError.Code
    let position: Int
    var proposal: String?
    var testDescription: String { "\(entries)" }
}

@Suite struct AddressSetTextTests {
    static let merges: [MergeRow] = [
        MergeRow(entries: [], merged: [], count: 0),
        MergeRow(
            entries: ["172.18.40.10", "172.18.40.1-172.18.40.2", "172.18.40.2-172.18.40.3"],
            merged: ["172.18.40.1-172.18.40.3", "172.18.40.10"], count: 4),
        MergeRow(
            entries: ["10.0.0.3-10.0.0.4", "10.0.0.1", "10.0.0.2", "10.0.0.9"],
            merged: ["10.0.0.1-10.0.0.4", "10.0.0.9"], count: 5),
        MergeRow(entries: ["fd00::a", "fd00::9"], merged: ["fd00::9-fd00::a"], count: 2),
        MergeRow(entries: ["10.0.0.5-10.0.0.5"], merged: ["10.0.0.5"], count: 1),
        MergeRow(entries: ["10.0.0.1", "10.0.0.1", "10.0.0.1"], merged: ["10.0.0.1"], count: 1),
        MergeRow(
            entries: ["10.0.0.1-10.0.0.200", "10.0.0.5-10.0.0.6", "10.0.0.150-10.0.0.210"],
            merged: ["10.0.0.1-10.0.0.210"], count: 210),
        MergeRow(
            entries: ["255.255.255.255", "0.0.0.0", "255.255.255.254"],
            merged: ["0.0.0.0", "255.255.255.254-255.255.255.255"], count: 3),
        MergeRow(
            entries: ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            merged: ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], count: 2),
        MergeRow(
            entries: ["fd00:0:0:1::", "fd00::ffff:ffff:ffff:ffff"],
            merged: ["fd00::ffff:ffff:ffff:ffff-fd00:0:0:1::"], count: 2),
        MergeRow(
            entries: ["::8000:0:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::-::7fff:ffff:ffff:ffff:ffff"],
            merged: ["::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], count: .max),
        MergeRow(entries: ["::1-::5"], merged: ["::1-::5"], count: 5),
    ]

    @Test(arguments: merges) func joins(_ row: MergeRow) throws {
        let set = try AddressSet(parsing: row.entries)
        #expect(set.rangeTexts == row.merged)
        #expect(set.count == row.count)
        #expect(try AddressSet(parsing: row.merged) == set)
        #expect(try AddressSet(parsing: row.entries.reversed()).hashValue == set.hashValue)
        #expect(set.description == "[\(row.merged.joined(separator: ", "))]")
    }

    static let refused: [RefusedListRow] = [
        RefusedListRow(
            entries: ["10.0.0.9-10.0.0.1"], index: 0, code: .descendingRange, position: 9,
            proposal: "10.0.0.1-10.0.0.9"),
        RefusedListRow(
            entries: ["10.0.0.1", "10.0.0.0/30"], index: 1, code: .prefixNotAllowed, position: 8,
            proposal: "10.0.0.0-10.0.0.3"),
        RefusedListRow(
            entries: ["10.0.0.1", "10.0.0.2", "10.0.0.3 - 10.0.0.4"], index: 2, code: .trailingCharacters, position: 8,
            proposal: "10.0.0.3-10.0.0.4"),
        RefusedListRow(entries: ["10.0.0.1", "fd00::1"], index: 1, code: .mixedFamilies, position: 0),
        RefusedListRow(entries: ["fd00::1", "fd00::2", "10.0.0.1"], index: 2, code: .mixedFamilies, position: 0),
        RefusedListRow(entries: ["fd00::1"], family: .ipv4, index: 0, code: .mixedFamilies, position: 0),
        RefusedListRow(
            entries: ["::ffff:10.0.0.1"], index: 0, code: .mappedNotAllowed, position: 0, proposal: "10.0.0.1"),
        RefusedListRow(entries: ["10.0.0.1", ""], index: 1, code: .empty, position: 0),
    ]

    @Test(arguments: refused) func refuses(_ row: RefusedListRow) {
        let error = #expect(throws: AddressListError.self) { try AddressSet(parsing: row.entries, family: row.family) }
        #expect(error?.index == row.index)
        #expect(error?.underlying.code == row.code)
        #expect(error?.underlying.position == row.position)
        #expect(error?.underlying.proposal == row.proposal)
        #expect(error?.underlying.input == row.entries[row.index])
        #expect(error?.description.hasPrefix("[\(row.index)] \"") == true)
    }

    @Test func refusalReadsAsOneLine() {
        let error = #expect(throws: AddressListError.self) {
            try AddressSet(parsing: ["10.0.0.1", "10.0.0.9-10.0.0.2"])
        }
        #expect(
            error?.description
                == "[1] \"10.0.0.9-10.0.0.2\": the range runs downwards at position 9; write \"10.0.0.2-10.0.0.9\"")
    }
}

@Suite struct AddressSetTests {
    @Test func hugeSetsCostTheirRanges() throws {
        let pool = try AddressSet(parsing: ["fd00::1-fd00::ffff:ffff:ffff:ffff"], family: .ipv6)
        let excluded = try AddressSet(parsing: ["fd00::1-fd00::10"])
        let free = pool.subtracting(excluded)
        #expect(pool.count == UInt128(UInt64.max))
        #expect(free.count == UInt128(UInt64.max) - 16)
        #expect(Int64(clamping: free.count) == 9_223_372_036_854_775_807)
        #expect(free.next(atOrAfter: .lowest(of: .ipv6))?.description == "fd00::11")

        let large = try AddressSet(parsing: ["fd12:3456:789a:baba::1-fd12:3456:789a:baba:ffff:ffff:ffff:ffff"])
        let rest = large.subtracting(
            try AddressSet(parsing: ["fd12:3456:789a:baba::1-fd12:3456:789a:baba::10"]))
        #expect(rest.lowest?.description == "fd12:3456:789a:baba::11")
        #expect(Int64(clamping: rest.count) == .max)
        #expect(rest.isSubset(of: AddressSet(try CIDR(parsing: "fd12:3456:789a::/48"))))
    }

    @Test func manyHolesInAnIPv6Network() throws {
        let network = AddressSet(try CIDR(parsing: "fd00::/64"))
        let start = try IPv6Address(parsing: "fd00::").bits
        let holes = AddressSet((0..<10_000).map { IPAddress.v6(IPv6Address(bits: start + 1 + 3 * UInt128($0))) })
        let left = network.subtracting(holes)
        #expect(holes.count == 10_000)
        #expect(left.count == (UInt128(1) << 64) - 10_000)
        #expect(left.ranges.count == 10_001)
        #expect(left.isDisjoint(with: holes))
        #expect(left.union(holes) == network)
        #expect(left.symmetricDifference(network) == holes)
    }

    @Test func bothFamiliesInOneSet() throws {
        let four = AddressSet(try CIDR(parsing: "255.255.255.254/31"))
        let six = AddressSet(try CIDR(parsing: "::/127"))
        let both = six.union(four)
        #expect(both.rangeTexts == ["255.255.255.254-255.255.255.255", "::-::1"])
        #expect(both.family == nil)
        #expect(four.family == .ipv4)
        #expect(AddressSet.empty.family == nil)
        #expect(both.count == 4)
        #expect(both.addresses.map(\.description) == ["255.255.255.254", "255.255.255.255", "::", "::1"])
        #expect(both.rank(of: .lowest(of: .ipv6)) == 2)
        #expect(both.address(at: 2) == .lowest(of: .ipv6))
        #expect(both.next(atOrAfter: .v4(.broadcast)) == .v4(.broadcast))
        #expect(both.subtracting(four).next(atOrAfter: .v4(.broadcast)) == .lowest(of: .ipv6))
        #expect(both.intersection(CIDR.everything(in: .ipv4).range) == four)
        #expect(both.cidrs.map(\.description) == ["255.255.255.254/31", "::/127"])
        #expect(both.subtracting(six) == four)
    }

    @Test func ranksAtTheEndsOfTheSpaces() throws {
        let six = AddressSet(CIDR.everything(in: .ipv6))
        #expect(six.count == .max)
        #expect(six.rank(of: .highest(of: .ipv6)) == .max)
        #expect(six.address(at: .max) == .highest(of: .ipv6))
        #expect(six.address(at: 0) == .lowest(of: .ipv6))
        let four = AddressSet(CIDR.everything(in: .ipv4))
        #expect(four.count == 1 << 32)
        #expect(four.rank(of: .highest(of: .ipv4)) == 0xffff_ffff)
        #expect(four.address(at: 0xffff_ffff) == .highest(of: .ipv4))
        #expect(four.rank(of: .lowest(of: .ipv6)) == nil)
        #expect(four.next(atOrAfter: .lowest(of: .ipv6)) == nil)
        #expect(AddressSet.empty.next(atOrAfter: .lowest(of: .ipv4)) == nil)
    }

    @Test func ranksAboveTheLargestNumberStayThere() throws {
        let everything = AddressSet(AddressFamily.allCases.map { CIDR.everything(in: $0) })
        #expect(everything.count == .max)
        #expect(everything.rank(of: .lowest(of: .ipv6)) == 1 << 32)
        #expect(everything.rank(of: .highest(of: .ipv6)) == .max)
        // All but one address near the top: the last range begins beyond what a rank can say.
        let gap = try IPAddress(parsing: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0")
        let split = everything.subtracting(AddressSet(AddressRange(gap)))
        #expect(split.ranges.count == 3)
        #expect(split.rank(of: .highest(of: .ipv6)) == .max)
        #expect(split.contains(split.address(at: .max)))
    }

    @Test func membersComeInOrderAndAreNotStored() throws {
        let set = try AddressSet(parsing: ["10.0.0.9", "10.0.0.1-10.0.0.3"])
        #expect(set.addresses.map(\.description) == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"])
        let vast = AddressSet(CIDR.everything(in: .ipv6))
        #expect(vast.addresses.prefix(3).map(\.description) == ["::", "::1", "::2"])
        #expect(Array(AddressSet.empty.addresses).isEmpty)
        let top = AddressSet(try AddressRange(parsing: "255.255.255.254-255.255.255.255"))
        #expect(Array(top.addresses).count == 2)
    }

    @Test func makesSetsOfRangesPrefixesAndAddresses() throws {
        let ranges = try ["10.0.0.2-10.0.0.3", "10.0.0.0-10.0.0.1"].map { try AddressRange(parsing: $0) }
        let cidrs = try ["10.0.0.2/31", "10.0.0.0/31"].map { try CIDR(parsing: $0) }
        let addresses = try ["10.0.0.3", "10.0.0.1", "10.0.0.2", "10.0.0.0"].map { try IPAddress(parsing: $0) }
        #expect(AddressSet(ranges) == AddressSet(cidrs))
        #expect(AddressSet(cidrs) == AddressSet(addresses))
        #expect(AddressSet(addresses).rangeTexts == ["10.0.0.0-10.0.0.3"])
        #expect(AddressSet([IPAddress]()) == .empty)
    }

    @Test func overlapNamesTheCommonPart() throws {
        let pool = try AddressSet(parsing: ["10.0.0.1-10.0.0.20", "10.0.0.40-10.0.0.50"])
        let other = try AddressSet(parsing: ["10.0.0.15-10.0.0.45"])
        #expect(pool.intersection(other).rangeTexts == ["10.0.0.15-10.0.0.20", "10.0.0.40-10.0.0.45"])
        #expect(!pool.isDisjoint(with: other))
    }
}

@Suite struct AddressSetBuilderTests {
    @Test func stepsApplyInOrder() throws {
        let network = try CIDR(parsing: "10.0.0.0/29")
        let address = try IPAddress(parsing: "10.0.0.3")
        var builder = AddressSetBuilder()
        builder.remove(address)
        builder.insert(network)
        #expect(builder.build().count == 8)
        builder.remove(address)
        #expect(builder.build().count == 7)
        builder.insert(address)
        #expect(builder.build() == AddressSet(network))
        builder.remove(network)
        builder.insert(address)
        builder.remove(try AddressRange(parsing: "10.0.0.0-10.0.0.2"))
        #expect(builder.build().rangeTexts == ["10.0.0.3"])
    }

    @Test func buildsOnASetAndLeavesItAlone() throws {
        let start = try AddressSet(parsing: ["10.0.0.1-10.0.0.9"])
        var builder = AddressSetBuilder(start)
        builder.remove(try AddressSet(parsing: ["10.0.0.2", "10.0.0.4"]))
        builder.insert(try AddressSet(parsing: ["10.0.0.4", "10.0.0.20"]))
        #expect(builder.build().rangeTexts == ["10.0.0.1", "10.0.0.3-10.0.0.9", "10.0.0.20"])
        #expect(start.rangeTexts == ["10.0.0.1-10.0.0.9"])
        var copy = builder
        copy.remove(try IPAddress(parsing: "10.0.0.20"))
        #expect(builder.build() != copy.build())
    }

    @Test func halvesOfANetwork() throws {
        var builder = AddressSetBuilder()
        builder.insert(try CIDR(parsing: "fd00::/64"))
        builder.remove(try CIDR(parsing: "fd00::8000:0:0:0/65"))
        #expect(builder.build().count == 1 << 63)
        #expect(builder.build().cidrs.map(\.description) == ["fd00::/65"])
    }
}
