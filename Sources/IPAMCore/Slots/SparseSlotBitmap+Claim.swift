extension SparseSlotBitmap {
    /// Claims the lowest free slot.
    ///
    /// - Returns: the slot, or `nil` when all are claimed.
    /// - Complexity: O(levels), which is at most 22 and never depends on how many slots are claimed.
    public mutating func claimLowest() -> UInt128? {
        guard let slot = firstFree(atOrAfter: lowerBound) else { return nil }
        lowerBound = slot < lastSlot ? slot + 1 : slot
        markClaimed(slot)
        return slot
    }

    /// Claims the first free slot at or after a cursor.
    ///
    /// For a random pick, give a random cursor.
    ///
    /// - Parameters:
    ///   - cursor: where to start; traps above ``lastSlot``.
    ///   - wrapping: whether to go on from slot 0 when nothing is free up to the end.
    /// - Returns: the slot, or `nil` when nothing is free there.
    /// - Complexity: O(levels).
    public mutating func claimNext(atOrAfter cursor: UInt128, wrapping: Bool = true) -> UInt128? {
        guard let slot = firstFree(atOrAfter: cursor) else { return wrapping ? claimLowest() : nil }
        markClaimed(slot)
        return slot
    }

    /// Claims one particular slot; traps above ``lastSlot``.
    ///
    /// - Returns: whether the slot was free before.
    /// - Complexity: O(levels).
    public mutating func claim(exactly slot: UInt128) -> Bool {
        checkSlot(slot)
        return markClaimed(slot)
    }

    /// Releases a slot; traps above ``lastSlot``.
    ///
    /// - Returns: whether the slot was claimed before.
    /// - Complexity: O(levels).
    @discardableResult
    public mutating func release(_ slot: UInt128) -> Bool {
        checkSlot(slot)
        var index = slot
        for level in levels.indices {
            let bit = Self.bit(index)
            index >>= 6
            guard let entry = levels[level].index(forKey: index) else { return false }
            let word = levels[level].values[entry]
            guard word & bit != 0 else { return false }
            if word == bit {
                levels[level].remove(at: entry)
            } else {
                levels[level].values[entry] = word & ~bit
            }
            // Only a word that was full until now is recorded in the level above.
            guard word | padding(word: index, ofLevel: level) == .max else { break }
        }
        while levels.count > 1, levels[levels.count - 1].isEmpty { levels.removeLast() }
        if slot < lowerBound { lowerBound = slot }
        claimedCount -= 1
        verify()
        return true
    }

    /// Releases every slot.
    public mutating func releaseAll() {
        self = SparseSlotBitmap(lastSlot: lastSlot)
    }

    /// Records a slot as claimed, and every word that thereby becomes full in the level above; `false` when the slot
    /// was claimed before.
    @discardableResult
    private mutating func markClaimed(_ slot: UInt128) -> Bool {
        var index = slot
        for level in 0..<levelLimit {
            if level == levels.count { levels.append([:]) }
            let bit = Self.bit(index)
            index >>= 6
            let word = Self.insert(bit, into: &levels[level][index, default: 0])
            guard let word else { return false }
            guard word | padding(word: index, ofLevel: level) == .max else { break }
        }
        claimedCount += 1
        verify()
        return true
    }

    /// Sets a bit of a word.
    ///
    /// - Returns: the new word, or `nil` when the bit was set before.
    private static func insert(_ bit: UInt64, into word: inout UInt64) -> UInt64? {
        guard word & bit == 0 else { return nil }
        word |= bit
        return word
    }
}
