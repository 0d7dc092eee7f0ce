extension SparseSlotBitmap {
    /// The first free slot at or after `start`, or `nil`; traps above ``lastSlot``.
    ///
    /// - Complexity: O(levels).
    public func firstFree(atOrAfter start: UInt128 = 0) -> UInt128? {
        checkSlot(start)
        // Up, until a level has an open bit at (then: after) the place we come from …
        var level = 0
        var index = start >> 6
        var open = open(word: index, ofLevel: 0) & UInt64.max << UInt64(truncatingIfNeeded: start & 63)
        while open == 0 {
            level += 1
            guard level < levelLimit else { return nil }
            let after = (UInt64.max - 1) << UInt64(truncatingIfNeeded: index & 63)
            index >>= 6
            open = self.open(word: index, ofLevel: level) & after
        }
        // … and down again, always to the first open bit.
        while true {
            index = index << 6 | UInt128(open.trailingZeroBitCount)
            guard level > 0 else { return index }
            level -= 1
            open = self.open(word: index, ofLevel: level)
        }
    }

    /// The first claimed slot at or after `start`, or `nil`; traps above ``lastSlot``.
    ///
    /// - Complexity: O(n) in the number of 64-slot words in use, which are in no order. To visit many slots, use
    ///   ``claimedSlots``.
    public func firstClaimed(atOrAfter start: UInt128 = 0) -> UInt128? {
        checkSlot(start)
        let here = word(start >> 6, ofLevel: 0) & UInt64.max << UInt64(truncatingIfNeeded: start & 63)
        if here != 0 { return start & ~63 | UInt128(here.trailingZeroBitCount) }
        var nearest: UInt128?
        for index in levels[0].keys where index > start >> 6 {
            nearest = Swift.min(index, nearest ?? index)
        }
        guard let nearest else { return nil }
        return nearest << 6 | UInt128(word(nearest, ofLevel: 0).trailingZeroBitCount)
    }
}
