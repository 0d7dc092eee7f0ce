import IPAMCore
import Testing

/// First and last address of a block inside, the neighbours outside.
struct PredicateRow: Sendable, CustomTestStringConvertible {
    let name: String
    let inside: [String]
    let outside: [String]
    let predicate: @Sendable (IPAddress) -> Bool
    var testDescription: String { name }
}

@Suite struct PredicateTests {
    static func v4(_ predicate: @escaping @Sendable (IPv4Address) -> Bool) -> @Sendable (IPAddress) -> Bool {
        { $0.v4.map(predicate) ?? false }
    }

    static func v6(_ predicate: @escaping @Sendable (IPv6Address) -> Bool) -> @Sendable (IPAddress) -> Bool {
        { $0.v6.map(predicate) ?? false }
    }

    static let rows: [PredicateRow] = [
        PredicateRow(
            name: "private v4", inside: ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0"],
            outside: ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
            predicate: v4(\.isPrivate)),
        PredicateRow(
            name: "this network", inside: ["0.0.0.0", "0.255.255.255"], outside: ["1.0.0.0"],
            predicate: v4(\.isThisNetwork)),
        PredicateRow(
            name: "shared", inside: ["100.64.0.0", "100.127.255.255"], outside: ["100.63.255.255", "100.128.0.0"],
            predicate: v4(\.isShared)),
        PredicateRow(
            name: "loopback", inside: ["127.0.0.0", "127.255.255.255", "::1"],
            outside: ["126.255.255.255", "128.0.0.0", "::2"],
            predicate: \.isLoopback),
        PredicateRow(
            name: "link-local", inside: ["169.254.0.0", "169.254.255.255", "fe80::", "febf:ffff::"],
            outside: ["169.253.255.255", "169.255.0.0", "fec0::", "fe7f:ffff::"], predicate: \.isLinkLocal),
        PredicateRow(
            name: "multicast", inside: ["224.0.0.0", "239.255.255.255", "ff00::", "ffff::1"],
            outside: ["223.255.255.255", "240.0.0.0", "feff::"], predicate: \.isMulticast),
        PredicateRow(
            name: "reserved", inside: ["240.0.0.0", "255.255.255.254"],
            outside: ["255.255.255.255", "239.255.255.255"],
            predicate: v4(\.isReserved)),
        PredicateRow(
            name: "documentation v4", inside: ["192.0.2.0", "198.51.100.255", "203.0.113.7"],
            outside: ["192.0.3.0", "198.51.101.0", "203.0.112.255"], predicate: v4(\.isDocumentation)),
        PredicateRow(
            name: "benchmarking", inside: ["198.18.0.0", "198.19.255.255"], outside: ["198.17.255.255", "198.20.0.0"],
            predicate: v4(\.isBenchmarking)),
        PredicateRow(
            name: "protocol assignments", inside: ["192.0.0.0", "192.0.0.255"], outside: ["192.0.1.0"],
            predicate: v4(\.isProtocolAssignment)),
        PredicateRow(
            name: "link-local multicast v4", inside: ["224.0.0.251"], outside: ["224.0.1.0"],
            predicate: v4(\.isLinkLocalMulticast)),
        PredicateRow(
            name: "unique local", inside: ["fc00::", "fdff:ffff::"], outside: ["fbff::", "fe00::"],
            predicate: v6(\.isUniqueLocal)),
        PredicateRow(
            name: "global unicast", inside: ["2000::", "3fff:ffff::"], outside: ["1fff::", "4000::"],
            predicate: v6(\.isGlobalUnicast)),
        PredicateRow(
            name: "documentation v6", inside: ["2001:db8::", "2001:db8:ffff::", "3fff::", "3fff:fff::"],
            outside: ["2001:db9::", "3fff:1000::"], predicate: v6(\.isDocumentation)),
        PredicateRow(name: "6to4", inside: ["2002::1"], outside: ["2003::"], predicate: v6(\.is6to4)),
        PredicateRow(
            name: "NAT64", inside: ["64:ff9b::", "64:ff9b::ffff:ffff"], outside: ["64:ff9b::1:0:0", "64:ff9c::"],
            predicate: v6(\.isNAT64)),
        PredicateRow(
            name: "discard", inside: ["100::", "100::ffff"], outside: ["100:0:0:1::"], predicate: v6(\.isDiscard)),
        PredicateRow(
            name: "mapped", inside: ["::ffff:0.0.0.0", "::ffff:ffff:ffff"], outside: ["::fffe:1.2.3.4", "::1:0:0:0"],
            predicate: v6(\.isIPv4Mapped)),
        PredicateRow(
            name: "multicast scopes", inside: ["ff02::1", "ff12::1"], outside: ["ff01::1", "ff05::1", "fe02::"],
            predicate: v6(\.isLinkLocalMulticast)),
        PredicateRow(
            name: "interface-local multicast", inside: ["ff01::1"], outside: ["ff02::1"],
            predicate: v6(\.isInterfaceLocalMulticast)),
        PredicateRow(
            name: "site-local", inside: ["fec0::", "feff::"], outside: ["fe80::", "ff00::"],
            predicate: v6(\.isSiteLocal)),
        PredicateRow(
            name: "assignable", inside: ["10.0.0.1", "223.255.255.255", "fd00::1", "fe80::1", "2001:db8::1"],
            outside: [
                "0.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::1", "::ffff:1.2.3.4",
            ],
            predicate: \.isAssignable),
    ]

    @Test(arguments: rows) func holdsExactlyInsideTheBlock(_ row: PredicateRow) throws {
        for text in row.inside { #expect(row.predicate(try IPAddress(parsing: text)), "\(text)") }
        for text in row.outside { #expect(!row.predicate(try IPAddress(parsing: text)), "\(text)") }
    }

    @Test func derivedAddresses() throws {
        let address = try IPv6Address(parsing: "fd00::12:3456")
        #expect(address.solicitedNodeMulticast.description == "ff02::1:ff12:3456")
        let mapped = try IPAddress(parsing: "::ffff:10.0.0.1")
        #expect(mapped.unmapped == IPAddress("10.0.0.1"))
        #expect(IPv6Address(mapping: IPv4Address(10, 0, 0, 1)) == mapped.v6)
        #expect(try IPAddress(parsing: "fd00::1").unmapped == IPAddress("fd00::1"))
    }
}
