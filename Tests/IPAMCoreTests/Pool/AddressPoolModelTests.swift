import Testing

@testable import IPAMCore

/// Pools of every shape and policy against a plain list of their addresses.
@Suite struct AddressPoolModelTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let ranges: [String]
        let excluded: [String]
        let picking: AddressPool.Picking
        var testDescription: String { "\(name), \(picking)" }
    }

    static let shapes: [(name: String, ranges: [String], excluded: [String])] = [
        ("one IPv4 range", ["10.6.0.1-10.6.1.44"], []),
        ("one IPv4 address", ["10.6.0.1"], []),
        ("several IPv4 ranges", ["10.6.0.3", "10.7.0.0-10.7.0.255", "192.168.1.250-192.168.2.5"], []),
        (
            "IPv4 with exclusions", ["10.6.0.0-10.6.1.255"],
            ["10.6.0.0-10.6.0.1", "10.6.0.77", "10.6.1.255", "10.9.9.9"]
        ),
        ("one IPv6 range", ["fd00::1-fd00::12c"], []),
        ("several IPv6 ranges with exclusions", ["fd00::-fd00::ff", "fd00:1::fff0-fd00:1::1:00ff"], ["fd00::7"]),
        (
            "the ends of IPv6",
            ["::-::20", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffe0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], []
        ),
    ]

    static let rows: [Row] = shapes.flatMap { shape in
        ([.lowest, .nextFit, .random(seed: 42)] as [AddressPool.Picking]).map {
            Row(name: shape.name, ranges: shape.ranges, excluded: shape.excluded, picking: $0)
        }
    }

    @Test(arguments: rows)
    func servesEachAddressExactlyOnce(row: Row) throws {
        let members = try AddressSet(parsing: row.ranges)
        let excluded = try AddressSet(parsing: row.excluded)
        let expected = members.addresses.filter { !excluded.contains($0) }
        var pool = AddressPool(members, excluding: excluded, picking: row.picking)
        #expect(pool.capacity == UInt128(expected.count))
        var served: [IPAddress] = []
        while let address = pool.claim() {
            served.append(address)
            guard served.count <= expected.count else { break }
        }
        #expect(served.sorted() == expected)
        if case .random = row.picking {} else { #expect(served == expected) }
        #expect(pool.availableCount == 0)
        #expect(Array(pool.claimedAddresses) == expected)
    }

    @Test(arguments: rows)
    func agreesWithASetOverRandomOperations(row: Row) throws {
        let excluded = try AddressSet(parsing: row.excluded)
        var pool = AddressPool(try AddressSet(parsing: row.ranges), excluding: excluded, picking: row.picking)
        let members = Array(pool.members.addresses)
        var claimed = Set<IPAddress>()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        for step in 0..<2000 {
            let note = Comment(rawValue: "seed \(seed), step \(step)")
            let address = members[Int.random(in: 0..<members.count, using: &random)]
            // Mostly claims for a while, then mostly releases.
            let isClaiming = Int.random(in: 0..<10, using: &random) < (step % 1000 < 600 ? 7 : 2)
            if !isClaiming {
                #expect(pool.release(address) == (claimed.remove(address) != nil), note)
            } else if Bool.random(using: &random) {
                let outcome: AddressPool.ClaimOutcome = claimed.insert(address).inserted ? .claimed : .alreadyClaimed
                #expect(pool.claim(exactly: address) == outcome, note)
            } else if let address = pool.claim() {
                if row.picking == .lowest { #expect(address == members.first { !claimed.contains($0) }, note) }
                #expect(claimed.insert(address).inserted, note)
                #expect(pool.contains(address), note)
            } else {
                #expect(claimed.count == members.count, note)
            }
            #expect(pool.claimedCount == UInt128(claimed.count), note)
            #expect(pool.availableCount == UInt128(members.count - claimed.count), note)
            #expect(pool.isClaimed(address) == claimed.contains(address), note)
        }
        #expect(Array(pool.claimedAddresses) == claimed.sorted(), "seed \(seed)")
    }

    /// A pool too large for the dense bitmap: whatever is claimed comes back in order and can be claimed again.
    @Test(arguments: [.lowest, .nextFit, .random(seed: 9)] as [AddressPool.Picking])
    func largePoolsServeAndReuse(picking: AddressPool.Picking) throws {
        let members = AddressSet(try CIDR(parsing: "fd00:10:6::/64")).union(AddressSet(try CIDR(parsing: "10.0.0.0/8")))
        let excluded = try AddressSet(parsing: ["10.0.0.0-10.0.0.9"]).union(
            AddressSet(try CIDR(parsing: "fd00:10:6::/65")))
        var pool = AddressPool(members, excluding: excluded, picking: picking)
        let size: UInt128 = 1 << 24 - 10 + 1 << 63
        #expect(pool.capacity == size)
        var claimed = Set<IPAddress>()
        for _ in 0..<3000 {
            let claim = pool.claim()
            let address = try #require(claim)
            #expect(pool.contains(address) && !excluded.contains(address))
            #expect(claimed.insert(address).inserted)
        }
        #expect(Array(pool.claimedAddresses) == claimed.sorted())
        for address in claimed.sorted().prefix(1500) { #expect(pool.release(address) == true) }
        #expect(pool.claimedCount == 1500)
        if picking == .lowest { #expect(pool.claim() == claimed.min()) }
        for address in claimed { pool.release(address) }
        #expect(pool.claimedCount == 0)
        #expect(pool.sparse?.levels == [[:]])
    }
}
