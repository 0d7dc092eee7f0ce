import Testing

@testable import IPAMCore

@Suite struct AddressPoolTests {
    /// The example with which the documentation of `AddressPool` begins, line by line.
    @Test func documentationExample() throws {
        let subnet = AddressSet(try CIDR(parsing: "10.6.0.0/29"))
        let reserved = try AddressSet(parsing: ["10.6.0.0-10.6.0.1", "10.6.0.7"])
        var pool = AddressPool(subnet, excluding: reserved)
        let address = pool.claim()
        #expect(address?.description == "10.6.0.2")
        #expect(pool.availableCount == 4)
        if let address { pool.release(address) }
        #expect(pool.availableCount == 5)
    }

    @Test func answersRequestsForParticularAddresses() throws {
        let members = try AddressSet(parsing: ["10.6.0.10-10.6.0.20"])
        var pool = AddressPool(members, excluding: try AddressSet(parsing: ["10.6.0.15"]))
        let wanted = try IPAddress(parsing: "10.6.0.12")
        #expect(pool.claim(exactly: wanted) == .claimed)
        #expect(pool.claim(exactly: wanted) == .alreadyClaimed)
        #expect(pool.claim(exactly: try IPAddress(parsing: "10.6.0.15")) == .notInPool)
        #expect(pool.claim(exactly: try IPAddress(parsing: "10.6.0.21")) == .notInPool)
        #expect(pool.claim(exactly: try IPAddress(parsing: "::a06:c")) == .notInPool)
        #expect(pool.isClaimed(wanted))
        #expect(!pool.isClaimed(try IPAddress(parsing: "10.6.0.15")))
        #expect(pool.release(try IPAddress(parsing: "10.6.0.15")) == false)
        #expect(pool.release(wanted) == true)
        #expect(pool.release(wanted) == false)
        #expect(pool.contains(wanted))
        #expect(!pool.contains(try IPAddress(parsing: "10.6.0.15")))
    }

    @Test func nextFitLetsReleasedAddressesRest() throws {
        var pool = AddressPool(try AddressSet(parsing: ["10.0.0.1-10.0.0.4"]), picking: .nextFit)
        let claim = pool.claim()
        let first = try #require(claim)
        pool.release(first)
        #expect((0..<4).map { _ in pool.claim()?.description } == ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.1"])
        #expect(pool.claim() == nil)
    }

    @Test func lowestReusesReleasedAddressesAtOnce() throws {
        var pool = AddressPool(try AddressSet(parsing: ["10.0.0.1-10.0.0.4"]))
        let claim = pool.claim()
        let first = try #require(claim)
        _ = pool.claim()
        pool.release(first)
        #expect(pool.claim() == first)
    }

    @Test func randomIsRepeatableFromItsSeed() throws {
        let members = AddressSet(try CIDR(parsing: "fd00::/64"))
        func choices(_ seed: UInt64) -> [IPAddress?] {
            var pool = AddressPool(members, picking: .random(seed: seed))
            return (0..<20).map { _ in pool.claim() }
        }
        #expect(choices(7) == choices(7))
        #expect(choices(7) != choices(8))
        #expect(Set(choices(7)).count == 20)
    }

    /// The sequence is part of the interface: a change would change every seeded choice.
    @Test func randomNumbersAreThoseOfTheReferenceImplementation() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { _ in generator.next() } == expected)
    }

    @Test func servesAllOfIPv6WithoutPayingForIt() throws {
        var pool = AddressPool(AddressSet(CIDR.everything(in: .ipv6)))
        #expect(pool.capacity == .max)
        #expect(pool.claim()?.description == "::")
        let last = IPAddress.highest(of: .ipv6)
        #expect(pool.claim(exactly: last) == .claimed)
        #expect(pool.isClaimed(last))
        #expect(pool.claimedAddresses.map(\.description) == ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"])
        #expect(pool.claimedCount == 2)
    }

    @Test func anEmptyPoolServesNothing() {
        for picking in [.lowest, .nextFit, .random(seed: 1)] as [AddressPool.Picking] {
            var pool = AddressPool(.empty, picking: picking)
            #expect(pool.claim() == nil)
            #expect(pool.capacity == 0 && pool.availableCount == 0)
            #expect(Array(pool.claimedAddresses).isEmpty)
        }
    }
}
