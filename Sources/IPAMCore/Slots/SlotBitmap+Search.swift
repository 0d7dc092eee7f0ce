extension SlotBitmap {
    /// Looks for the first free slot at or after `start`.
    ///
    /// - Parameter start: where to begin; traps outside `0...capacity`.
    /// - Returns: the slot, or `nil` when all from there on are claimed.
    /// - Complexity: O(1); at most two words per level.
    @inlinable
    public func firstFree(atOrAfter start: Int = 0) -> Int? {
        precondition(start >= 0 && start <= capacity, "cursor outside the capacity of the SlotBitmap")
        guard start < capacity else { return nil }
        let index = start &>> 6
        let free = ~words[index] & (UInt64.max &<< UInt64(truncatingIfNeeded: start))
        if free != 0 { return index &<< 6 | free.trailingZeroBitCount }
        return claimed == capacity ? nil : Self.firstFree(in: words, leafCount: leafCount, afterWord: index)
    }

    /// The first free slot in a word of the lowest level after the given one: up until a level has an open word
    /// further on, then down to the first open slot in it.
    @usableFromInline
    static func firstFree(in words: ContiguousArray<UInt64>, leafCount: Int, afterWord word: Int) -> Int? {
        var levelStart = InlineArray<6, Int>(repeating: 0)
        var level = 0
        var count = leafCount
        var index = word
        var open: UInt64 = 0
        while open == 0, count > flatLimit {
            levelStart[level + 1] = levelStart[level] + count
            level += 1
            count = wordCount(forBits: count)
            let after = (UInt64.max - 1) &<< UInt64(truncatingIfNeeded: index)
            index >>= 6
            open = ~words[levelStart[level] + index] & after
        }
        while open == 0 {
            index += 1
            guard index < count else { return nil }
            open = ~words[levelStart[level] + index]
        }
        while true {
            index = index << 6 | open.trailingZeroBitCount
            guard level > 0 else { return index }
            // A clear bit stands for a word with a clear bit, so this never comes to an end early.
            level -= 1
            open = ~words[levelStart[level] + index]
        }
    }

    /// Looks for the first claimed slot at or after `start`.
    ///
    /// - Parameter start: where to begin; traps outside `0...capacity`.
    /// - Returns: the slot, or `nil` when all from there on are free.
    /// - Complexity: O(distance / 64), since the tree records what is full, not what is empty.
    @inlinable
    public func firstClaimed(atOrAfter start: Int = 0) -> Int? {
        precondition(start >= 0 && start <= capacity, "cursor outside the capacity of the SlotBitmap")
        guard start < capacity, claimed > 0 else { return nil }
        var index = start >> 6
        let last = leafCount &- 1
        var word = words[index] & (UInt64.max &<< UInt64(truncatingIfNeeded: start))
        while word == 0, index < last {
            index &+= 1
            word = words[index]
        }
        // Padding comes after every slot, so whatever is found beyond the capacity means that no slot was.
        let slot = index << 6 | word.trailingZeroBitCount
        return word != 0 && slot < capacity ? slot : nil
    }
}
