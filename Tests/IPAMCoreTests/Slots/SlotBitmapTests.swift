import Testing

@testable import IPAMCore

@Suite struct SlotBitmapTests {
    @Test(arguments: [0, 1, 63, 64, 65, 1024, 1025, 4095, 4096, 4097, 65_536, 1 << 18 + 5])
    func drainsInAscendingOrderAndIsThenEmptyHanded(capacity: Int) {
        var slots = SlotBitmap(capacity: capacity)
        for expected in 0..<capacity { #expect(slots.claimLowest() == expected) }
        #expect(slots.claimLowest() == nil)
        #expect(slots.claimNext(atOrAfter: 0) == nil)
        #expect(slots.isFull)
        #expect(slots.freeCount == 0)
        #expect(Array(slots.freeSlots).isEmpty)
        #expect(Array(slots.claimedSlots) == Array(0..<capacity))
        slots.checkInvariants()
        slots.releaseAll()
        #expect(slots == SlotBitmap(capacity: capacity))
    }

    @Test(arguments: [1, 64, 65, 1025, 4097, 65_536, 1 << 18 + 5])
    func servesEverySlotOnceFromARandomCursor(capacity: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var slots = SlotBitmap(capacity: capacity)
        var seen = Set<Int>()
        while let slot = slots.claimNext(atOrAfter: Int.random(in: 0..<capacity, using: &random)) {
            #expect(seen.insert(slot).inserted, "seed \(seed)")
        }
        #expect(seen.count == capacity, "seed \(seed)")
    }

    @Test func findsTheOnlyFreeSlotWhereverItIs() {
        let capacity = 1 << 18 + 5
        var slots = SlotBitmap(capacity: capacity)
        while slots.claimLowest() != nil {}
        for slot in stride(from: 0, to: capacity, by: 97) {
            #expect(slots.release(slot) == true)
            #expect(slots.firstFree(atOrAfter: max(0, slot - 70_000)) == slot)
            #expect(slots.firstFree(atOrAfter: slot + 1) == nil)
            #expect(slots.claimLowest() == slot)
        }
        slots.checkInvariants()
    }

    @Test func reusesReleasedSlotsLowestFirst() {
        var slots = SlotBitmap(capacity: 10_000)
        while slots.claimLowest() != nil {}
        for slot in [9_999, 17, 5_000, 64] { #expect(slots.release(slot) == true) }
        #expect([17, 64, 5_000, 9_999].allSatisfy { slots.claimLowest() == $0 })
        #expect(slots.claimLowest() == nil)
    }

    @Test func copiesAreIndependent() {
        var original = SlotBitmap(capacity: 100)
        _ = original.claimLowest()
        var copy = original
        #expect(copy.claimLowest() == 1)
        #expect(!original.isClaimed(1))
        #expect(original != copy)
        #expect(original.claimLowest() == 1)
        #expect(original == copy)
    }

    @Test func takesLittleMoreThanOneBitPerSlot() {
        for capacity in [1 << 16, 1 << 20, 1 << 24] {
            let bits = Double(SlotBitmap(capacity: capacity).words.count * 64) / Double(capacity)
            #expect(bits <= 1.02, "\(capacity) slots")
        }
    }

    @Test func releasesAndClaimsOnlyOnce() {
        var slots = SlotBitmap(capacity: 70)
        #expect(slots.claim(exactly: 69) == true)
        #expect(slots.claim(exactly: 69) == false)
        #expect(slots.release(69) == true)
        #expect(slots.release(69) == false)
        #expect(slots.claimedCount == 0)
    }
}

@Suite struct SlotBitmapMisuseTests {
    @Test func refusesToClaimASlotThatDoesNotExist() async {
        await #expect(processExitsWith: .failure) {
            var slots = SlotBitmap(capacity: 65)
            _ = slots.claim(exactly: 65)
        }
    }

    @Test func refusesToReleaseANegativeSlot() async {
        await #expect(processExitsWith: .failure) {
            var slots = SlotBitmap(capacity: 65)
            slots.release(-1)
        }
    }

    @Test func refusesToLookAtASlotThatDoesNotExist() async {
        await #expect(processExitsWith: .failure) {
            _ = SlotBitmap(capacity: 0).isClaimed(0)
        }
    }

    @Test func refusesACursorBeyondTheEnd() async {
        await #expect(processExitsWith: .failure) {
            var slots = SlotBitmap(capacity: 65)
            _ = slots.claimNext(atOrAfter: 66)
        }
    }

    @Test func refusesANegativeCapacity() async {
        await #expect(processExitsWith: .failure) { _ = SlotBitmap(capacity: -1) }
    }

    @Test func refusesMoreSlotsThanItCanHave() async {
        await #expect(processExitsWith: .failure) { _ = SlotBitmap(capacity: SlotBitmap.maximumCapacity + 1) }
    }

    @Test func refusesASparseSlotAboveTheLast() async {
        await #expect(processExitsWith: .failure) {
            var slots = SparseSlotBitmap(lastSlot: 9)
            slots.release(10)
        }
    }
}
