extension SlotBitmap {
    /// Checks the whole tree after a change, in builds with `-D IPAMCORE_INTERNAL_CHECKS`; otherwise nothing.
    @inlinable
    @inline(__always)
    func verify() {
        #if IPAMCORE_INTERNAL_CHECKS
            checkInvariants()
        #endif
    }

    /// Traps when the tree contradicts itself.
    ///
    /// 1. Every level has one word per 64 bits of the level below, up to one of `flatLimit` words or fewer.
    /// 2. Bits for slots and words that do not exist are set.
    /// 3. A bit above the lowest level is set exactly when the word below it is all ones.
    /// 4. No slot below `lowerBound` is free.
    /// 5. The counter equals the number of claimed slots.
    ///
    /// - Complexity: O(`capacity` / 64).
    @usableFromInline
    func checkInvariants() {
        var bits = capacity
        var start = 0
        var below = 0
        var count = 0
        repeat {
            count = Self.wordCount(forBits: bits)
            if bits < count * 64 {
                let padding = UInt64.max << UInt64(bits - (count - 1) * 64)
                precondition(words[start + count - 1] & padding == padding, "SlotBitmap: padding is not set")
            }
            if start > 0 {
                for index in 0..<bits {
                    let recorded = words[start + index / 64] & Self.bit(index) != 0
                    precondition(recorded == (words[below + index] == .max), "SlotBitmap: a full bit is wrong")
                }
            }
            below = start
            start += count
            bits = count
        } while count > Self.flatLimit
        precondition(start == words.count, "SlotBitmap: wrong number of words")
        let set = words[..<leafCount].reduce(0) { sum, word in sum + word.nonzeroBitCount }
        precondition(set - (leafCount * 64 - capacity) == claimed, "SlotBitmap: wrong count")
        let below64 = (0..<lowerBound / 64).allSatisfy { words[$0] == .max }
        let rest = (lowerBound / 64 * 64..<lowerBound).allSatisfy { isClaimed($0) }
        precondition(below64 && rest, "SlotBitmap: wrong lower bound")
    }
}
