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
        guard !isClaimed(slot) else { return false }
        markClaimed(slot)
        return true
    }

    /// Releases a slot; traps above ``lastSlot``.
    ///
    /// - Returns: whether the slot was claimed before.
    /// - Complexity: O(levels).
    @discardableResult
    public mutating func release(_ slot: UInt128) -> Bool {
        guard isClaimed(slot) else { return false }
        if slot < lowerBound { lowerBound = slot }
        claimedCount -= 1
        var index = slot
        for level in levels.indices {
            let bit = Self.bit(index)
            index >>= 6
            let word = word(index, ofLevel: level)
            levels[level][index] = word == bit ? nil : word & ~bit
            // Only a word that was full until now is recorded in the level above.
            guard word | padding(word: index, ofLevel: level) == .max else { break }
        }
        while levels.count > 1, levels[levels.count - 1].isEmpty { levels.removeLast() }
        verify()
        return true
    }

    /// Releases every slot.
    public mutating func releaseAll() {
        self = SparseSlotBitmap(lastSlot: lastSlot)
    }

    /// Records a free slot as claimed, and every word that thereby becomes full in the level above.
    private mutating func markClaimed(_ slot: UInt128) {
        claimedCount += 1
        var index = slot
        for level in 0..<levelLimit {
            if level == levels.count { levels.append([:]) }
            let bit = Self.bit(index)
            index >>= 6
            let word = word(index, ofLevel: level) | bit
            levels[level][index] = word
            guard word | padding(word: index, ofLevel: level) == .max else { break }
        }
        verify()
    }
}
