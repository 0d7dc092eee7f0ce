import IPAMCore
import Testing

/// What sorting and dictionaries rely on.
@Suite struct OrderTests {
    static let sorted = [
        "0.0.0.0", "0.0.0.1", "9.255.255.255", "10.0.0.0", "127.255.255.255", "128.0.0.0", "255.255.255.255",
        "::", "::1", "::a00:0", "::ffff:10.0.0.0", "::ffff:ffff:ffff:ffff", "0:0:0:1::", "7fff::", "8000::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]

    @Test func addressesAreInStrictOrder() throws {
        let addresses = try Self.sorted.map { try IPAddress(parsing: $0) }
        for left in addresses.indices {
            for right in addresses.indices {
                #expect((addresses[left] < addresses[right]) == (left < right))
                #expect((addresses[left] == addresses[right]) == (left == right))
            }
        }
        #expect(addresses.shuffled().sorted() == addresses)
        #expect(Set(addresses + addresses).count == addresses.count)
    }

    @Test func valuesAreSmall() {
        #expect(MemoryLayout<IPv4Address>.size == 4)
        #expect(MemoryLayout<IPv6Address>.size == 16)
        #expect(MemoryLayout<IPAddress>.size <= 17)
        #expect(MemoryLayout<MACAddress>.size == 6)
    }

    @Test func arithmeticStopsAtTheEnds() {
        for family in AddressFamily.allCases {
            let lowest = IPAddress.lowest(of: family)
            let highest = IPAddress.highest(of: family)
            #expect(lowest.subtracting(1) == nil)
            #expect(highest.adding(1) == nil)
            #expect(highest.adding(.max) == nil)
            #expect(lowest.adding(family.maximumBits) == highest)
            #expect(highest.subtracting(family.maximumBits) == lowest)
            #expect(lowest.distance(to: highest) == family.maximumBits)
            #expect(highest.distance(to: lowest) == nil)
            #expect(lowest.adding(0) == lowest)
        }
        #expect(IPAddress.lowest(of: .ipv4).distance(to: .lowest(of: .ipv6)) == nil)
        #expect(IPAddress(bits: 1 << 32, family: .ipv4) == nil)
        #expect(IPv4Address.broadcast.adding(1) == nil)
        #expect(IPv4Address.unspecified.subtracting(1) == nil)
        #expect(IPv6Address(bits: UInt128(UInt64.max)).adding(1) == IPv6Address(high: 1, low: 0))
        #expect(IPv6Address(high: 1, low: 0).subtracting(1) == IPv6Address(high: 0, low: .max))
    }
}
