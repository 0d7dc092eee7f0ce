import Testing

@testable import IPAMCore

/// Every operation of `SlotBitmap` against a set of integers, with the tree checked after each step.
@Suite struct SlotBitmapModelTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let capacity: Int
        let steps: Int
        var testDescription: String { "\(capacity) slots, \(steps) steps" }
    }

    @Test(arguments: [
        Row(capacity: 0, steps: 200), Row(capacity: 1, steps: 500), Row(capacity: 63, steps: 3000),
        Row(capacity: 64, steps: 3000), Row(capacity: 65, steps: 3000), Row(capacity: 1024, steps: 4000),
        Row(capacity: 1025, steps: 4000), Row(capacity: 4095, steps: 3000), Row(capacity: 4096, steps: 3000),
        Row(capacity: 4097, steps: 3000), Row(capacity: 65_536, steps: 2000), Row(capacity: 1 << 18 + 5, steps: 500),
    ])
    func randomOperations(row: Row) {
        let seed = UInt64.random(in: 0 ... .max)
        var model = SlotModel(capacity: row.capacity)
        var slots = SlotBitmap(capacity: row.capacity)
        var random = SplitMix64(seed: seed)
        prefill(&slots, &model, using: &random)
        for step in 0..<row.steps {
            let note = Comment(rawValue: "seed \(seed), capacity \(row.capacity), step \(step)")
            let slot = Int.random(in: 0...max(0, row.capacity - 1), using: &random)
            let cursor = Int.random(in: 0...row.capacity, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1: #expect(slots.claimLowest() == model.claimNext(atOrAfter: 0, wrapping: false), note)
            case 2:
                #expect(slots.claimNext(atOrAfter: cursor) == model.claimNext(atOrAfter: cursor, wrapping: true), note)
            case 3:
                let expected = model.claimNext(atOrAfter: cursor, wrapping: false)
                #expect(slots.claimNext(atOrAfter: cursor, wrapping: false) == expected, note)
            case 4 where row.capacity > 0:
                #expect(slots.claim(exactly: slot) == model.claimed.insert(slot).inserted, note)
            case 5...7 where row.capacity > 0:
                #expect(slots.release(slot) == (model.claimed.remove(slot) != nil), note)
            default: break
            }
            slots.checkInvariants()
            #expect(slots.claimedCount == model.claimed.count, note)
            #expect(slots.firstFree(atOrAfter: cursor) == model.firstFree(atOrAfter: cursor), note)
            if row.capacity > 0 { #expect(slots.isClaimed(slot) == model.claimed.contains(slot), note) }
        }
        let note = Comment(rawValue: "seed \(seed), capacity \(row.capacity)")
        #expect(Array(slots.claimedSlots) == model.claimed.sorted(), note)
        #expect(Array(slots.freeSlots) == (0..<row.capacity).filter { !model.claimed.contains($0) }, note)
        #expect(slots.freeCount == row.capacity - model.claimed.count, note)
        let cursor = Int.random(in: 0...row.capacity, using: &random)
        let nextClaimed = model.claimed.filter { $0 >= cursor }.min()
        #expect(slots.firstClaimed(atOrAfter: cursor) == nextClaimed, note)
    }

    /// Starts nearly full, so that full words on every level come and go.
    private func prefill(_ slots: inout SlotBitmap, _ model: inout SlotModel, using random: inout SplitMix64) {
        for slot in 0..<slots.capacity where Int.random(in: 0..<2000, using: &random) > 0 {
            _ = slots.claim(exactly: slot)
            model.claimed.insert(slot)
        }
    }
}

/// The obviously right bitmap.
struct SlotModel {
    let capacity: Int
    var claimed: Set<Int> = []

    init(capacity: Int) { self.capacity = capacity }

    func firstFree(atOrAfter start: Int) -> Int? {
        var slot = start
        while slot < capacity {
            if !claimed.contains(slot) { return slot }
            slot += 1
        }
        return nil
    }

    mutating func claimNext(atOrAfter start: Int, wrapping: Bool) -> Int? {
        guard let slot = firstFree(atOrAfter: start) ?? (wrapping ? firstFree(atOrAfter: 0) : nil) else { return nil }
        claimed.insert(slot)
        return slot
    }
}
