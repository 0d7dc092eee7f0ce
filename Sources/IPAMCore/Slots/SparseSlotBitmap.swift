/// A set of claimed slots out of up to 2¹²⁸, in memory proportional to what is claimed.
///
/// The counterpart of ``SlotBitmap`` for the spaces of IPv6: the same tree of 64-bit words, of which only words with a
/// bit set exist. The lowest level records claimed slots, each level above the full words of the one below; a level
/// appears with its first full word and disappears with its last.
///
/// ```swift
/// var slots = SparseSlotBitmap(lastSlot: .max)  // 2¹²⁸ slots
/// slots.claimLowest()                           // 0
/// slots.claimNext(atOrAfter: .max)              // the last one
/// slots.claimNext(atOrAfter: .max)              // 1, having wrapped around
/// ```
///
/// A slot above ``lastSlot`` is an error of the program and traps.
public struct SparseSlotBitmap: Sendable {
    /// The highest slot; there are `lastSlot + 1`.
    public let lastSlot: UInt128

    /// Number of slots that are claimed.
    public internal(set) var claimedCount: UInt128 = 0

    /// For each level that exists, its words other than 0 by their index. Bits for slots that do not exist are never
    /// set here; see `padding(word:ofLevel:)`.
    var levels: [[UInt128: UInt64]] = [[:]]

    /// Number of levels that the whole space would need; the topmost has one word.
    let levelLimit: Int

    /// No slot below this one is free.
    var lowerBound: UInt128 = 0

    /// Makes a bitmap of the slots `0...lastSlot`, all free.
    ///
    /// The space is given by its last slot since the number of all 128-bit slots has no 128-bit number.
    public init(lastSlot: UInt128) {
        self.lastSlot = lastSlot
        levelLimit = max(1, (UInt128.bitWidth - lastSlot.leadingZeroBitCount + 5) / 6)
    }

    /// Number of slots that are free; `UInt128.max` also stands for 2¹²⁸.
    public var freeCount: UInt128 {
        if claimedCount > lastSlot { return 0 }
        let (count, overflow) = (lastSlot - claimedCount).addingReportingOverflow(1)
        return overflow ? .max : count
    }

    /// Whether every slot is claimed.
    public var isFull: Bool { claimedCount > lastSlot }

    /// Whether a slot is claimed; traps above ``lastSlot``.
    public func isClaimed(_ slot: UInt128) -> Bool {
        checkSlot(slot)
        return word(slot >> 6, ofLevel: 0) & Self.bit(slot) != 0
    }

    /// A word of a level; 0 when it does not exist.
    func word(_ index: UInt128, ofLevel level: Int) -> UInt64 {
        level < levels.count ? levels[level][index] ?? 0 : 0
    }

    /// The bits of a word that stand for nothing, since the space ends before them.
    func padding(word index: UInt128, ofLevel level: Int) -> UInt64 {
        let last = lastSlot >> UInt128(6 * level)
        guard index == last >> 6 else { return 0 }
        let position = UInt64(truncatingIfNeeded: last & 63)
        return (UInt64.max - 1) << position
    }

    /// The bits of a word that stand for something not full.
    func open(word index: UInt128, ofLevel level: Int) -> UInt64 {
        ~word(index, ofLevel: level) & ~padding(word: index, ofLevel: level)
    }

    /// The bit of a slot, or of a word of the level below, in its word.
    static func bit(_ index: UInt128) -> UInt64 { 1 << UInt64(truncatingIfNeeded: index & 63) }

    /// Traps when the slot does not exist.
    func checkSlot(_ slot: UInt128) {
        precondition(slot <= lastSlot, "slot above the last one of the SparseSlotBitmap")
    }
}

extension SparseSlotBitmap: Equatable {
    /// Two bitmaps are equal when they have the same last slot and the same slots claimed.
    public static func == (left: SparseSlotBitmap, right: SparseSlotBitmap) -> Bool {
        left.lastSlot == right.lastSlot && left.levels[0] == right.levels[0]
    }
}
