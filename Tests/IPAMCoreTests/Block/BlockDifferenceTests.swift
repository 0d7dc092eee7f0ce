import IPAMCore
import Testing

/// What differs between two states of a block, against a look at every slot.
@Suite struct BlockDifferenceTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func differencesAreThoseOfTheSlots(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let key = BlockKey(containing: try IPAddress(parsing: seed.isMultiple(of: 2) ? "10.6.0.64" : "fd00::40"))
        var block = Block(key)
        for round in 0..<400 {
            let old = block
            for _ in 0..<Int.random(in: 0...3, using: &random) { change(&block, at: round, with: &random) }
            var expected: UInt64 = 0
            for slot in 0..<BlockKey.size {
                let address = key.address(at: slot)
                if block.claim(on: address) != old.claim(on: address)
                    || block.rest(of: address) != old.rest(of: address)
                {
                    expected |= 1 << UInt64(slot)
                }
            }
            #expect(block.slotsDiffering(from: old) == expected, "seed \(seed), round \(round)")
            #expect(old.slotsDiffering(from: block) == expected, "seed \(seed), round \(round)")
            #expect(
                block.claims(in: expected) == block.claims.filter { old.claim(on: $0.address) != $0 },
                "seed \(seed), round \(round)")
        }
    }

    private func change(_ block: inout Block, at round: Int, with random: inout SplitMix64) {
        let address = block.key.address(at: Int.random(in: 0..<BlockKey.size, using: &random))
        let now = Timestamp(seconds: Int64(round))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: _ = block.release(address, at: now, restingUntil: now.adding(.seconds(5))) { _ in true }
        case 1: _ = block.retain(address, at: now) { _ in true }
        case 2: _ = block.quarantine(address, at: now, until: now.adding(.seconds(9)))
        default:
            _ = block.claim(
                Claim(
                    address: address, pool: "p", owner: Claim.Owner(uid: "uid-\(address.bits & 63)"), interface: "eth0",
                    containerID: "c\(round)", node: "n", since: now))
        }
    }
}
