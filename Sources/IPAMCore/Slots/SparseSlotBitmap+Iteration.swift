extension SparseSlotBitmap {
    /// The claimed slots in ascending order.
    ///
    /// - Complexity: O(n log n) to begin, n being the number of 64-slot words in use; O(1) for each slot.
    public var claimedSlots: ClaimedSlots { ClaimedSlots(bitmap: self) }

    /// The free slots in ascending order, found one after the other while iterating.
    public var freeSlots: FreeSlots { FreeSlots(bitmap: self) }

    /// The claimed slots of a ``SparseSlotBitmap`` in ascending order.
    public struct ClaimedSlots: Sequence, Sendable {
        let bitmap: SparseSlotBitmap

        /// Starts at the lowest claimed slot.
        public func makeIterator() -> Iterator { Iterator(bitmap: bitmap) }

        /// Walks the words in use in ascending order.
        public struct Iterator: IteratorProtocol, Sendable {
            let bitmap: SparseSlotBitmap
            /// Indices of the words still to come, the next one last.
            var upcoming: [UInt128]
            var index: UInt128 = 0
            var word: UInt64 = 0

            init(bitmap: SparseSlotBitmap) {
                self.bitmap = bitmap
                upcoming = bitmap.levels[0].keys.sorted(by: >)
            }

            /// The next claimed slot.
            public mutating func next() -> UInt128? {
                if word == 0 {
                    guard let index = upcoming.popLast() else { return nil }
                    self.index = index
                    word = bitmap.word(index, ofLevel: 0)
                }
                let slot = index << 6 | UInt128(word.trailingZeroBitCount)
                word &= word &- 1
                return slot
            }
        }
    }

    /// The free slots of a ``SparseSlotBitmap`` in ascending order.
    public struct FreeSlots: Sequence, Sendable {
        let bitmap: SparseSlotBitmap

        /// Starts at the lowest free slot.
        public func makeIterator() -> Iterator { Iterator(bitmap: bitmap) }

        /// Walks the free slots; full words are never read.
        public struct Iterator: IteratorProtocol, Sendable {
            let bitmap: SparseSlotBitmap
            /// Where to look next; `nil` at the end.
            var cursor: UInt128? = 0

            init(bitmap: SparseSlotBitmap) { self.bitmap = bitmap }

            /// The next free slot.
            public mutating func next() -> UInt128? {
                guard let start = cursor else { return nil }
                let slot = bitmap.firstFree(atOrAfter: start)
                cursor = slot.flatMap { $0 < bitmap.lastSlot ? $0 + 1 : nil }
                return slot
            }
        }
    }
}
