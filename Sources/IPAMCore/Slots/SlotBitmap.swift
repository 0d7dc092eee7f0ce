/// A set of claimed slots out of a fixed number, which finds a free one in a handful of memory accesses.
///
/// Slots are numbered from 0. The bitmap is a tree of 64-bit words: a bit of the lowest level says that a slot is
/// claimed, a bit of a level above says that the whole word below it is. Looking for a free slot reads a few words per
/// level, however full the bitmap is; there are two levels for 65,536 slots, four for 2²⁴, five for 2³².
///
/// ```swift
/// var slots = SlotBitmap(capacity: 100)
/// slots.claimLowest()          // 0
/// slots.claim(exactly: 1)      // true
/// slots.claimLowest()          // 2
/// slots.release(0)             // true
/// slots.claimLowest()          // 0
/// ```
///
/// Slots are `Int`, as in the collections of the standard library; a number outside `0..<capacity` is an error of the
/// program and traps. "Nothing free" and "already claimed" are ordinary answers.
///
/// The value takes a little less than 1.02 bits per slot for 65,536 slots and more, in one allocation made by
/// ``init(capacity:)``. Copies share it until one of them changes. Nothing that is done to an
/// unshared value allocates, but for ``releaseAll()``.
public struct SlotBitmap: Sendable {
    /// The largest capacity, 2³².
    public static let maximumCapacity = 1 << 32

    /// The words of all levels, lowest level first. Bits for slots or words that do not exist are set, so that a word
    /// in which nothing can be claimed is always all ones.
    @usableFromInline
    var words: ContiguousArray<UInt64>

    /// A level of at most so many words is searched word by word and has no level above it. Every level costs each
    /// claim and release a dependent read and write of the same few words; sixteen words are two cache lines.
    @usableFromInline
    static var flatLimit: Int {
        @inline(__always) @inlinable get { 16 }
    }

    /// Number of words of the lowest level, at least 1. Each level above has one word for every 64 of the level below,
    /// rounded up, until a level has no more than `flatLimit`.
    @usableFromInline
    let leafCount: Int

    /// No slot below this one is free. The next search for the lowest free slot starts here: after a release into a
    /// full bitmap, and while filling an empty one, it ends at its first word.
    @usableFromInline
    var lowerBound = 0

    /// Number of slots.
    public let capacity: Int

    /// Number of slots that are claimed.
    @inlinable
    public var claimedCount: Int { claimed }

    @usableFromInline
    var claimed = 0

    /// Makes a bitmap with all slots free.
    ///
    /// - Parameter capacity: the number of slots; traps outside 0…2³².
    /// - Complexity: O(`capacity` / 64).
    public init(capacity: Int) {
        precondition(
            capacity >= 0 && capacity <= Self.maximumCapacity, "a SlotBitmap has between 0 and 2^32 slots")
        self.capacity = capacity
        leafCount = Self.wordCount(forBits: capacity)
        var total = leafCount
        var count = leafCount
        while count > Self.flatLimit {
            count = Self.wordCount(forBits: count)
            total += count
        }
        words = ContiguousArray(repeating: 0, count: total)
        var bits = capacity
        var end = 0
        repeat {
            count = Self.wordCount(forBits: bits)
            end += count
            // The last word of a level may be partial: what does not exist counts as claimed.
            if bits < count * 64 { words[end - 1] = UInt64.max << UInt64(bits - (count - 1) * 64) }
            bits = count
        } while count > Self.flatLimit
    }

    /// Number of words for a number of bits, at least 1.
    @inlinable
    @inline(__always)
    static func wordCount(forBits bits: Int) -> Int { bits == 0 ? 1 : (bits &+ 63) &>> 6 }

    /// Number of slots that are free.
    @inlinable
    public var freeCount: Int { capacity - claimed }

    /// Whether every slot is claimed; also true for a bitmap without slots.
    @inlinable
    public var isFull: Bool { claimed == capacity }

    /// Whether a slot is claimed; traps outside `0..<capacity`.
    @inlinable
    public func isClaimed(_ slot: Int) -> Bool {
        checkSlot(slot)
        return words[slot >> 6] & Self.bit(slot) != 0
    }

    /// The bit of a slot, or of a word of the level below, in its word.
    @inlinable
    @inline(__always)
    static func bit(_ index: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: index) }

    /// Traps when the slot does not exist.
    @inlinable
    @inline(__always)
    func checkSlot(_ slot: Int) {
        precondition(UInt(bitPattern: slot) < UInt(bitPattern: capacity), "slot outside the capacity of the SlotBitmap")
    }
}

extension SlotBitmap: Equatable {
    /// Two bitmaps are equal when they have the same capacity and the same slots claimed.
    public static func == (left: SlotBitmap, right: SlotBitmap) -> Bool {
        left.capacity == right.capacity && left.claimed == right.claimed && left.words == right.words
    }
}
