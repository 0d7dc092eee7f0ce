extension SparseSlotBitmap {
    /// Checks the whole tree after a change, in builds with `-D IPAMCORE_INTERNAL_CHECKS`; otherwise nothing.
    @inline(__always)
    func verify() {
        #if IPAMCORE_INTERNAL_CHECKS
            checkInvariants()
        #endif
    }

    /// Traps when the tree contradicts itself.
    ///
    /// 1. No word is 0, none has a bit for a slot that does not exist, and only the lowest level may be empty.
    /// 2. A level above the lowest has exactly the bits of the full words of the level below.
    /// 3. The counter equals the number of claimed slots, and no slot below `lowerBound` is free.
    ///
    /// - Complexity: O(n) in the number of words in use.
    func checkInvariants() {
        precondition(levels.count <= levelLimit, "SparseSlotBitmap: too many levels")
        precondition(levels.count == 1 || levels.last?.isEmpty == false, "SparseSlotBitmap: an empty level is kept")
        var count: UInt128 = 0
        for level in levels.indices {
            var full: [UInt128: UInt64] = [:]
            for (index, word) in levels[level] {
                let padding = padding(word: index, ofLevel: level)
                precondition(word != 0, "SparseSlotBitmap: an empty word is kept")
                precondition(word & padding == 0, "SparseSlotBitmap: a slot beyond the last one is claimed")
                precondition(index <= lastSlot >> UInt128(6 * level + 6), "SparseSlotBitmap: a word beyond the last")
                if word | padding == .max { full[index >> 6, default: 0] |= Self.bit(index) }
                if level == 0 { count += UInt128(word.nonzeroBitCount) }
            }
            if level + 1 < levelLimit {
                let above = level + 1 < levels.count ? levels[level + 1] : [:]
                precondition(above == full, "SparseSlotBitmap: a full bit is wrong")
            }
        }
        precondition(count == claimedCount, "SparseSlotBitmap: wrong count")
        precondition(firstFree() ?? lastSlot >= lowerBound, "SparseSlotBitmap: wrong lower bound")
    }
}
