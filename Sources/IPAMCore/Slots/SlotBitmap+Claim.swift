extension SlotBitmap {
    /// Claims the lowest free slot.
    ///
    /// - Returns: the slot, or `nil` when all are claimed.
    /// - Complexity: O(1); at most two words read and one written per level.
    @inlinable
    @inline(__always)
    public mutating func claimLowest() -> Int? {
        let slot = lowerBound
        guard slot < capacity else { return nil }
        guard Self.set(slot, in: &words, leafCount: leafCount) else { return claimLowest(after: slot) }
        lowerBound = slot &+ 1
        countClaim()
        return slot
    }

    /// Claims the lowest free slot, which is known to be above a claimed one.
    @usableFromInline
    @inline(never)
    mutating func claimLowest(after claimed: Int) -> Int? {
        guard let slot = firstFree(atOrAfter: claimed + 1), claim(exactly: slot) else { return nil }
        lowerBound = slot + 1
        return slot
    }

    /// Claims the first free slot at or after a cursor.
    ///
    /// - Parameters:
    ///   - cursor: where to start; traps outside `0...capacity`. A cursor equal to `capacity` stands for the end.
    ///   - wrapping: whether to go on from slot 0 when nothing is free up to the end.
    /// - Returns: the slot, or `nil` when nothing is free there.
    /// - Complexity: O(1); at most two words read and one written per level.
    @inlinable
    public mutating func claimNext(atOrAfter cursor: Int, wrapping: Bool = true) -> Int? {
        guard let slot = firstFree(atOrAfter: cursor) else { return wrapping ? claimLowest() : nil }
        _ = claim(exactly: slot)
        return slot
    }

    /// Claims one particular slot; traps outside `0..<capacity`.
    ///
    /// - Returns: whether the slot was free before.
    /// - Complexity: O(1).
    @inlinable
    public mutating func claim(exactly slot: Int) -> Bool {
        checkSlot(slot)
        guard Self.set(slot, in: &words, leafCount: leafCount) else { return false }
        countClaim()
        return true
    }

    /// Releases a slot; traps outside `0..<capacity`.
    ///
    /// - Returns: whether the slot was claimed before.
    /// - Complexity: O(1).
    @inlinable
    @discardableResult
    @inline(__always)
    public mutating func release(_ slot: Int) -> Bool {
        checkSlot(slot)
        guard Self.clear(slot, in: &words, leafCount: leafCount) else { return false }
        // In this order, since in a bitmap that stays full the second comparison is a coin toss.
        if claimed == capacity || slot < lowerBound { lowerBound = slot }
        claimed &-= 1
        verify()
        return true
    }

    /// Releases every slot.
    ///
    /// - Complexity: O(`capacity` / 64).
    public mutating func releaseAll() {
        self = SlotBitmap(capacity: capacity)
    }

    /// Counts a slot that has been claimed.
    @inlinable
    @inline(__always)
    mutating func countClaim() {
        claimed &+= 1
        verify()
    }

    /// Sets the bit of a slot, and in the level above that of every word that thereby becomes full; `false` when the
    /// slot's bit was set already.
    ///
    /// The functions on the bare words keep the optimiser from copying the whole value around each change.
    @inlinable
    @inline(__always)
    static func set(_ slot: Int, in words: inout ContiguousArray<UInt64>, leafCount: Int) -> Bool {
        var tree = words.mutableSpan
        var count = leafCount
        var start = 0
        var index = slot &>> 6
        var word = tree[index]
        guard word & bit(slot) == 0 else { return false }
        word |= bit(slot)
        tree[index] = word
        while word == .max, count > flatLimit {
            start &+= count
            count = (count &+ 63) &>> 6
            let position = start &+ index &>> 6
            word = tree[position] | bit(index)
            tree[position] = word
            index &>>= 6
        }
        return true
    }

    /// Clears the bit of a slot, and in the level above that of every word that was full until now; `false` when the
    /// slot's bit was clear already.
    @inlinable
    @inline(__always)
    static func clear(_ slot: Int, in words: inout ContiguousArray<UInt64>, leafCount: Int) -> Bool {
        var tree = words.mutableSpan
        var count = leafCount
        var start = 0
        var index = slot &>> 6
        var word = tree[index]
        guard word & bit(slot) != 0 else { return false }
        tree[index] = word & ~bit(slot)
        while word == .max, count > flatLimit {
            start &+= count
            count = (count &+ 63) &>> 6
            let position = start &+ index &>> 6
            word = tree[position]
            tree[position] = word & ~bit(index)
            index &>>= 6
        }
        return true
    }
}
