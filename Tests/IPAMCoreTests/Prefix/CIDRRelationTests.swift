import IPAMCore
import Testing

/// Two prefixes and how they lie.
struct CIDRPairRow: Sendable, CustomTestStringConvertible {
    let first: String
    let second: String
    var contains = false
    var overlaps = false
    var adjacent = false
    var testDescription: String { "\(first) and \(second)" }
}

/// What is derived from one prefix.
struct CIDRRow: Sendable, CustomTestStringConvertible {
    let cidr: String
    let last: String
    let mask: String
    let count: UInt128
    let sibling: String?
    let supernet: String?
    var testDescription: String { cidr }
}

@Suite struct CIDRRelationTests {
    static let pairs: [CIDRPairRow] = [
        CIDRPairRow(first: "10.0.0.0/8", second: "10.0.0.0/8", contains: true, overlaps: true),
        CIDRPairRow(first: "10.0.0.0/8", second: "10.255.255.255/32", contains: true, overlaps: true),
        CIDRPairRow(first: "10.6.0.0/16", second: "10.0.0.0/8", overlaps: true),
        CIDRPairRow(first: "10.0.0.0/8", second: "11.0.0.0/8", adjacent: true),
        CIDRPairRow(first: "11.0.0.0/8", second: "10.255.0.0/16", adjacent: true),
        CIDRPairRow(first: "10.0.0.0/8", second: "11.0.0.1/32"),
        CIDRPairRow(first: "0.0.0.0/0", second: "255.255.255.255/32", contains: true, overlaps: true),
        CIDRPairRow(first: "::/0", second: "ffff:ffff::/32", contains: true, overlaps: true),
        CIDRPairRow(first: "::/0", second: "0.0.0.0/0"),
        CIDRPairRow(first: "0.0.0.0/0", second: "::/0"),
        CIDRPairRow(first: "255.255.255.255/32", second: "::/128"),
        CIDRPairRow(first: "255.255.255.255/32", second: "0.0.0.0/32"),
        CIDRPairRow(first: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", second: "::/128"),
        CIDRPairRow(first: "::/96", second: "0.0.0.0/0"),
        CIDRPairRow(first: "::ffff:0.0.0.0/96", second: "10.0.0.0/8"),
        CIDRPairRow(first: "fd00::/64", second: "fd00:0:0:1::/64", adjacent: true),
        CIDRPairRow(first: "fd00::/65", second: "fd00::8000:0:0:0/65", adjacent: true),
        CIDRPairRow(first: "fd00::/64", second: "fd00:0:0:2::/64"),
    ]

    @Test(arguments: pairs) func relations(_ row: CIDRPairRow) throws {
        let first = try CIDR(parsing: row.first)
        let second = try CIDR(parsing: row.second)
        #expect(first.contains(second) == row.contains)
        #expect((first.contains(second.network) && first.contains(second.lastAddress)) == row.contains)
        #expect(first.overlaps(second) == row.overlaps)
        #expect(second.overlaps(first) == row.overlaps)
        #expect(first.range.overlaps(second.range) == row.overlaps)
        #expect(first.isAdjacent(to: second) == row.adjacent)
        #expect(second.isAdjacent(to: first) == row.adjacent)
    }

    static let derived: [CIDRRow] = [
        CIDRRow(
            cidr: "0.0.0.0/0", last: "255.255.255.255", mask: "0.0.0.0", count: 1 << 32, sibling: nil, supernet: nil),
        CIDRRow(
            cidr: "0.0.0.0/1", last: "127.255.255.255", mask: "128.0.0.0", count: 1 << 31, sibling: "128.0.0.0/1",
            supernet: "0.0.0.0/0"),
        CIDRRow(
            cidr: "10.6.1.0/24", last: "10.6.1.255", mask: "255.255.255.0", count: 256, sibling: "10.6.0.0/24",
            supernet: "10.6.0.0/23"),
        CIDRRow(
            cidr: "10.6.1.6/31", last: "10.6.1.7", mask: "255.255.255.254", count: 2, sibling: "10.6.1.4/31",
            supernet: "10.6.1.4/30"),
        CIDRRow(
            cidr: "255.255.255.255/32", last: "255.255.255.255", mask: "255.255.255.255", count: 1,
            sibling: "255.255.255.254/32", supernet: "255.255.255.254/31"),
        CIDRRow(
            cidr: "::/0", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", mask: "::", count: .max, sibling: nil,
            supernet: nil),
        CIDRRow(
            cidr: "::/1", last: "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", mask: "8000::", count: 1 << 127,
            sibling: "8000::/1", supernet: "::/0"),
        CIDRRow(
            cidr: "fd00:0:0:1::/64", last: "fd00::1:ffff:ffff:ffff:ffff", mask: "ffff:ffff:ffff:ffff::",
            count: 1 << 64, sibling: "fd00::/64", supernet: "fd00::/63"),
        CIDRRow(
            cidr: "::/128", last: "::", mask: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", count: 1, sibling: "::1/128",
            supernet: "::/127"),
    ]

    @Test(arguments: derived) func derivedValues(_ row: CIDRRow) throws {
        let cidr = try CIDR(parsing: row.cidr)
        #expect(cidr.lastAddress.description == row.last)
        #expect(cidr.mask.description == row.mask)
        #expect(cidr.count == row.count)
        #expect(cidr.range.count == row.count)
        #expect(AddressSet(cidr).count == row.count)
        #expect(cidr.range.cidr == cidr)
        #expect(cidr.sibling?.description == row.sibling)
        #expect(cidr.sibling.flatMap(\.sibling) == (row.sibling == nil ? nil : cidr))
        #expect(cidr.supernet?.description == row.supernet)
        #expect(cidr.isDefault == (row.supernet == nil))
    }

    @Test func lengthsOutsideTheFamilyAreRefused() throws {
        let address = IPAddress.v4(IPv4Address(10, 6, 1, 9))
        #expect(CIDR(containing: address, prefixLength: 33) == nil)
        #expect(CIDR(containing: address, prefixLength: -1) == nil)
        #expect(CIDR(containing: address, prefixLength: 0) == .everything(in: .ipv4))
        #expect(CIDR(containing: address, prefixLength: 32) == CIDR(address))
        #expect(CIDR(containing: .v6(.loopback), prefixLength: 129) == nil)
        #expect(CIDR(containing: .v6(.loopback), prefixLength: 128) == CIDR(.v6(.loopback)))
        let cidr = try CIDR(parsing: "10.6.0.0/16")
        #expect(cidr.supernet(prefixLength: 17) == nil)
        #expect(cidr.supernet(prefixLength: -1) == nil)
        #expect(cidr.supernet(prefixLength: 16) == cidr)
        #expect(cidr.supernet(prefixLength: 0) == .everything(in: .ipv4))
        #expect(cidr.subnets(prefixLength: 15) == nil)
        #expect(cidr.subnets(prefixLength: 33) == nil)
    }

    @Test func subnetsStopAtTheEndOfTheSpace() throws {
        let top = try CIDR(parsing: "255.255.255.252/30")
        #expect(
            try #require(top.subnets(prefixLength: 32)).map(\.description) == [
                "255.255.255.252/32", "255.255.255.253/32", "255.255.255.254/32", "255.255.255.255/32",
            ])
        #expect(try #require(top.subnets(prefixLength: 30)).map { $0 } == [top])
        #expect(
            try #require(CIDR.everything(in: .ipv6).subnets(prefixLength: 2)).map(\.description)
                == ["::/2", "4000::/2", "8000::/2", "c000::/2"])
        #expect(
            try #require(CIDR.everything(in: .ipv4).subnets(prefixLength: 1)).map(\.description)
                == ["0.0.0.0/1", "128.0.0.0/1"])
        let vast = try #require(CIDR.everything(in: .ipv6).subnets(prefixLength: 128))
        #expect(vast.prefix(2).map(\.description) == ["::/128", "::1/128"])
    }

    @Test func sortsByNetworkThenLargerFirst() throws {
        let sorted = [
            "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.1/32", "11.0.0.0/8", "::/0", "::/128", "::1/128",
        ]
        let cidrs = try sorted.map { try CIDR(parsing: $0) }
        #expect(cidrs.reversed().sorted() == cidrs)
        #expect(cidrs.shuffled().sorted() == cidrs)
        #expect(Set(cidrs + cidrs).count == cidrs.count)
    }
}
