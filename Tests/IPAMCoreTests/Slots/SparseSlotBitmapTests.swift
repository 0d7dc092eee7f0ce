import Testing

@testable import IPAMCore

@Suite struct SparseSlotBitmapTests {
    @Test(arguments: [1, 63, 64, 65, 1024, 1025, 4095, 4096, 4097, 65_536, 1 << 18 + 5])
    func behavesLikeTheDenseBitmap(capacity: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var dense = SlotBitmap(capacity: capacity)
        var sparse = SparseSlotBitmap(lastSlot: UInt128(capacity - 1))
        for step in 0..<6000 {
            let note = Comment(rawValue: "seed \(seed), capacity \(capacity), step \(step)")
            let slot = Int.random(in: 0..<capacity, using: &random)
            // Filling has the upper hand until the bitmap is nearly full, then releasing has.
            let isFilling = step % 3000 < 2000
            switch Int.random(in: 0..<8, using: &random) {
            case 0...1: #expect(sparse.claimLowest() == dense.claimLowest().map { UInt128($0) }, note)
            case 2...3:
                let expected = dense.claimNext(atOrAfter: slot)
                #expect(sparse.claimNext(atOrAfter: UInt128(slot)) == expected.map { UInt128($0) }, note)
            case 4:
                let expected = dense.claimNext(atOrAfter: slot, wrapping: false)
                #expect(
                    sparse.claimNext(atOrAfter: UInt128(slot), wrapping: false) == expected.map { UInt128($0) }, note)
            case 5 where isFilling: #expect(sparse.claim(exactly: UInt128(slot)) == dense.claim(exactly: slot), note)
            default: #expect(sparse.release(UInt128(slot)) == dense.release(slot), note)
            }
            #expect(sparse.claimedCount == UInt128(dense.claimedCount), note)
            #expect(sparse.freeCount == UInt128(dense.freeCount), note)
            #expect(sparse.isFull == dense.isFull, note)
            let next = dense.firstFree(atOrAfter: slot).map { UInt128($0) }
            #expect(sparse.firstFree(atOrAfter: UInt128(slot)) == next, note)
            if step % 16 == 0 {
                sparse.checkInvariants()
                let next = dense.firstClaimed(atOrAfter: slot).map { UInt128($0) }
                #expect(sparse.firstClaimed(atOrAfter: UInt128(slot)) == next, note)
            }
        }
        #expect(sparse.claimedSlots.elementsEqual(dense.claimedSlots.map { UInt128($0) }), "seed \(seed)")
        #expect(sparse.freeSlots.elementsEqual(dense.freeSlots.map { UInt128($0) }), "seed \(seed)")
    }

    @Test(arguments: [0, 63, 64, 4095, 4096, 70_000] as [UInt128])
    func drainsAndComesBackToNothing(lastSlot: UInt128) {
        var slots = SparseSlotBitmap(lastSlot: lastSlot)
        for expected in 0...lastSlot { #expect(slots.claimLowest() == expected) }
        slots.checkInvariants()
        #expect(slots.claimLowest() == nil)
        #expect(slots.claimNext(atOrAfter: lastSlot) == nil)
        #expect(slots.isFull)
        #expect(slots.freeCount == 0)
        for slot in 0...lastSlot { #expect(slots.release(slot) == true) }
        slots.checkInvariants()
        #expect(slots.levels == [[:]])
        #expect(slots == SparseSlotBitmap(lastSlot: lastSlot))
    }

    @Test func servesBothEndsOfTheWholeSpace() {
        let last = UInt128.max
        var slots = SparseSlotBitmap(lastSlot: last)
        #expect(slots.freeCount == .max)
        #expect(slots.claim(exactly: .max) == true)
        #expect(slots.claim(exactly: .max) == false)
        #expect(slots.isClaimed(.max))
        #expect(slots.freeCount == .max)
        #expect(slots.claimNext(atOrAfter: .max, wrapping: false) == nil)
        #expect(slots.claimNext(atOrAfter: .max) == 0)
        #expect(slots.claimNext(atOrAfter: .max - 1) == last - 1)
        #expect(slots.claimNext(atOrAfter: .max - 1) == 1)
        #expect(Array(slots.claimedSlots) == [0, 1, .max - 1, .max])
        #expect(slots.firstClaimed(atOrAfter: 2) == last - 1)
        slots.checkInvariants()
        #expect(slots.release(.max) == true)
        #expect(slots.claimNext(atOrAfter: .max - 1) == .max)
        for slot in [0, 1, .max - 1, .max] as [UInt128] { #expect(slots.release(slot) == true) }
        #expect(slots.levels == [[:]])
    }

    /// Fills the last 5,000 slots of 2¹²⁸ from the top down, so that full words reach the end of several levels.
    @Test func fillsTheVeryEnd() {
        let last = UInt128.max
        let start = last - 4999
        var slots = SparseSlotBitmap(lastSlot: last)
        for slot in stride(from: UInt128.max, through: start, by: -1) { #expect(slots.claim(exactly: slot) == true) }
        slots.checkInvariants()
        #expect(slots.firstFree(atOrAfter: start) == nil)
        #expect(slots.firstFree(atOrAfter: start - 1) == start - 1)
        #expect(slots.release(.max - 64) == true)
        #expect(slots.claimNext(atOrAfter: start) == last - 64)
        #expect(slots.claimedCount == 5000)
        slots.checkInvariants()
    }

    @Test func keepsMemoryByUseNotBySpace() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var slots = SparseSlotBitmap(lastSlot: .max)
        var claimed: [UInt128] = []
        for _ in 0..<1000 {
            if let slot = slots.claimNext(atOrAfter: random.next(through: .max)) { claimed.append(slot) }
        }
        #expect(slots.levels.reduce(0) { $0 + $1.count } <= 1000, "seed \(seed)")
        #expect(Array(slots.claimedSlots) == claimed.sorted(), "seed \(seed)")
        for slot in claimed { #expect(slots.release(slot) == true, "seed \(seed)") }
        #expect(slots.levels == [[:]], "seed \(seed)")
    }
}
