import Testing

@testable import IPAMCore

@Suite struct BlockTests {
    /// A quarantine of ten minutes, seen by clocks that were set back: it lasts, but not for as long as the clock lags.
    @Test(arguments: [
        (now: Int64(10_000), isQuarantined: true), (now: 10_599, isQuarantined: true),
        (now: 10_600, isQuarantined: false), (now: -76_400, isQuarantined: true), (now: -76_401, isQuarantined: false),
        (now: -62_135_596_800, isQuarantined: false),
    ]) func aQuarantineEndsAlsoWhenTheClockIsSetBack(row: (now: Int64, isQuarantined: Bool)) throws {
        let address = try IPAddress(parsing: "10.0.0.1")
        var block = Block(BlockKey(containing: address))
        let isDone = block.quarantine(address, at: Timestamp(seconds: 10_000), until: Timestamp(seconds: 10_600))
        try #require(isDone)
        let now = Timestamp(seconds: row.now)
        #expect(try #require(block.rest(of: address)).isQuarantined(at: now) == row.isQuarantined)
        let isFound = Block.Freshness.allCases.contains { block.vacancy(in: 2, now: now, freshness: $0) == 1 }
        #expect(isFound != row.isQuarantined)
    }

    @Test func aQuarantineWithoutEndStaysOne() throws {
        let rest = Rest(
            address: try IPAddress(parsing: "10.0.0.1"), reason: .quarantined, since: Timestamp(milliseconds: .min),
            until: Timestamp(milliseconds: .max))
        #expect(rest.isQuarantined(at: Timestamp(seconds: 0)))
        #expect(!rest.isQuarantined(at: Timestamp(milliseconds: .max)))
    }

    static let v4 = BlockKey(containing: .v4(IPv4Address(10, 6, 168, 101)))
    static let v6 = BlockKey(containing: .v6(IPv6Address(0xfd00, 0, 0, 0, 0, 0, 0, 0x65)))

    static func claim(_ slot: Int, uid: String, interface: String = "eth0", in key: BlockKey = v4) -> Claim {
        Claim(
            address: key.address(at: slot), pool: "rack-a",
            owner: Claim.Owner(namespace: "shop", name: "web-\(uid)", uid: uid), interface: interface,
            containerID: "c-\(uid)", network: "rack", node: "n7", bootID: "b",
            since: Timestamp(milliseconds: 1_000))
    }

    @Test func keyIsTheAlignedPrefix() {
        #expect(Self.v4.description == "10.6.168.64/26")
        #expect(Self.v6.description == "fd00::40/122")
        #expect(Self.v4.slot(of: .v4(IPv4Address(10, 6, 168, 127))) == 63)
        #expect(Self.v4.slot(of: .v4(IPv4Address(10, 6, 168, 128))) == nil)
        #expect(Self.v4.next?.description == "10.6.168.128/26")
        #expect(BlockKey(containing: .highest(of: .ipv4)).next == nil)
        #expect(BlockKey(containing: .highest(of: .ipv6)).next == nil)
    }

    @Test func maskHoldsExactlyTheMembers() throws {
        let set = try AddressSet(parsing: ["10.6.168.60-10.6.168.66", "10.6.168.100", "10.6.168.120-10.6.168.200"])
        var expected: UInt64 = 0
        for slot in 0..<64 where set.contains(Self.v4.address(at: slot)) { expected |= 1 << UInt64(slot) }
        #expect(Self.v4.mask(of: set) == expected)
        #expect(Self.v4.mask(of: AddressSet(CIDR.everything(in: .ipv4))) == .max)
        #expect(Self.v6.mask(of: set) == 0)
    }

    @Test func anAddressHasOneOwner() {
        var block = Block(Self.v4)
        guard case .claimed(let first) = block.claim(Self.claim(3, uid: "a")) else { return #expect(Bool(false)) }
        #expect(first.sequence == 1)
        #expect(block.claim(Self.claim(3, uid: "b")) == .taken(by: first))
        #expect(block.claim(Self.claim(3, uid: "a", interface: "net1")) == .taken(by: first))
        #expect(block.claim(Self.claim(3, uid: "a", in: Self.v6)) == .elsewhere)
        #expect(block.claims == [first])
    }

    @Test func theSameIdentityMovesToItsNewSandbox() {
        var block = Block(Self.v4)
        _ = block.claim(Self.claim(3, uid: "a"))
        var again = Self.claim(3, uid: "a")
        again.containerID = "c-later"
        guard case .claimed(let moved) = block.claim(again) else { return #expect(Bool(false)) }
        #expect(moved.containerID == "c-later")
        #expect(moved.sequence == 2)
        #expect(block.claims.count == 1)
    }

    @Test func releaseNeedsTheFence() {
        var block = Block(Self.v4)
        _ = block.claim(Self.claim(3, uid: "a"))
        let before = block
        let address = Self.v4.address(at: 3)
        let now = Timestamp(milliseconds: 5_000)
        #expect(block.release(address, at: now, restingUntil: now) { $0.containerID == "other" } == nil)
        #expect(block == before)
        let ended = block.release(address, at: now, restingUntil: now.adding(.seconds(30))) { $0.containerID == "c-a" }
        #expect(ended?.owner.uid == "a")
        #expect(block.occupied == 0)
        #expect(block.rest(of: address)?.until == Timestamp(milliseconds: 35_000))
        #expect(block.sequence == 2)
        #expect(block.release(address, at: now, restingUntil: now) { _ in true } == nil)
    }

    @Test func pickingPrefersNeverUsedThenLongestFree() {
        var block = Block(Self.v4)
        let mask: UInt64 = 0b111
        func end(_ slot: Int, at milliseconds: Int64) {
            let now = Timestamp(milliseconds: milliseconds)
            _ = block.release(
                Self.v4.address(at: slot), at: now, restingUntil: now.adding(.seconds(30)), if: { _ in true })
        }
        for slot in 0..<3 { _ = block.claim(Self.claim(slot, uid: "\(slot)")) }
        end(2, at: 1_000)
        end(0, at: 2_000)
        let early = Timestamp(milliseconds: 3_000)
        #expect(block.vacancy(in: mask, now: early, freshness: .neverUsed) == nil)
        #expect(block.vacancy(in: .max, now: early, freshness: .neverUsed) == 3)
        #expect(block.vacancy(in: mask, now: early, freshness: .rested) == nil)
        #expect(block.vacancy(in: mask, now: early, freshness: .cooling) == 2)
        let late = Timestamp(milliseconds: 31_000)
        #expect(block.vacancy(in: mask, now: late, freshness: .rested) == 2)
        #expect(block.vacancy(in: 0b001, now: late, freshness: .rested) == nil)
        #expect(block.vacancy(in: mask, now: Timestamp(milliseconds: 40_000), freshness: .rested) == 2)
    }

    @Test func aQuarantinedAddressIsNotUsedBeforeItsTime() {
        var block = Block(Self.v4)
        let now = Timestamp(milliseconds: 0)
        let marked = block.quarantine(Self.v4.address(at: 5), at: now, until: now.adding(.seconds(600)))
        #expect(marked)
        let mask: UInt64 = 1 << 5
        for freshness in Block.Freshness.allCases {
            #expect(block.vacancy(in: mask, now: Timestamp(milliseconds: 599_999), freshness: freshness) == nil)
        }
        #expect(block.vacancy(in: mask, now: Timestamp(milliseconds: 600_000), freshness: .rested) == 5)
        _ = block.claim(Self.claim(6, uid: "a"))
        let markedOwned = block.quarantine(Self.v4.address(at: 6), at: now, until: now)
        #expect(!markedOwned)
    }

    /// Random changes against a dictionary; every step is encoded and decoded again.
    @Test(arguments: [UInt64(1), 2, 3, 4]) func agreesWithADictionary(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let key = seed.isMultiple(of: 2) ? Self.v6 : Self.v4
        var block = Block(key)
        var owners: [Int: String] = [:]
        var lastSequence: UInt64 = 0
        for step in 0..<2_000 {
            let slot = Int.random(in: 0..<64, using: &random)
            let uid = String(Int.random(in: 0..<5, using: &random))
            let now = Timestamp(milliseconds: Int64(step))
            // Whatever happens to an address can be taken back.
            var other = block
            let state = other.state(of: key.address(at: slot))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: _ = other.claim(Self.claim(slot, uid: uid, in: key))
            case 1: _ = other.release(key.address(at: slot), at: now, restingUntil: now) { _ in true }
            case 2: _ = other.retain(key.address(at: slot), at: now) { _ in true }
            default: _ = other.quarantine(key.address(at: slot), at: now, until: now)
            }
            other.restore(state)
            #expect(other == block, "seed \(seed) step \(step)")
            if Bool.random(using: &random) {
                let outcome = block.claim(Self.claim(slot, uid: uid, in: key))
                if let owner = owners[slot], owner != uid {
                    guard case .taken(let by) = outcome else {
                        return #expect(Bool(false), "seed \(seed) step \(step)")
                    }
                    #expect(by.owner.uid == owner)
                } else {
                    owners[slot] = uid
                    #expect(block.sequence == lastSequence + 1)
                }
            } else {
                let ended = block.release(key.address(at: slot), at: now, restingUntil: now) { $0.owner.uid == uid }
                #expect((ended != nil) == (owners[slot] == uid), "seed \(seed) step \(step)")
                if ended != nil { owners[slot] = nil }
            }
            lastSequence = block.sequence
            #expect(block.isConsistent, "seed \(seed) step \(step)")
            #expect(block.claims.map { Int($0.address.bits & 63) } == owners.keys.sorted())
            if step % 50 == 0 { #expect(try Block(decoding: block.encoded()) == block) }
        }
    }
}
