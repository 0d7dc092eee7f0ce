extension SlotBitmap {
    /// The claimed slots in ascending order, found one after the other while iterating.
    public var claimedSlots: ClaimedSlots { ClaimedSlots(bitmap: self) }

    /// The free slots in ascending order, found one after the other while iterating.
    public var freeSlots: FreeSlots { FreeSlots(bitmap: self) }

    /// The claimed slots of a ``SlotBitmap`` in ascending order.
    public struct ClaimedSlots: Sequence, Sendable {
        let bitmap: SlotBitmap

        /// Starts at the lowest claimed slot.
        public func makeIterator() -> Iterator { Iterator(bitmap: bitmap) }

        /// The exact number of elements.
        public var underestimatedCount: Int { bitmap.claimedCount }

        /// Walks the claimed slots word by word.
        public struct Iterator: IteratorProtocol, Sendable {
            let bitmap: SlotBitmap
            var index = 0
            var word: UInt64

            init(bitmap: SlotBitmap) {
                self.bitmap = bitmap
                word = bitmap.words[0]
            }

            /// The next claimed slot.
            public mutating func next() -> Int? {
                while word == 0 {
                    guard index + 1 < bitmap.leafCount else { return nil }
                    index += 1
                    word = bitmap.words[index]
                }
                let slot = index << 6 | word.trailingZeroBitCount
                guard slot < bitmap.capacity else { return nil }
                word &= word &- 1
                return slot
            }
        }
    }

    /// The free slots of a ``SlotBitmap`` in ascending order.
    public struct FreeSlots: Sequence, Sendable {
        let bitmap: SlotBitmap

        /// Starts at the lowest free slot.
        public func makeIterator() -> Iterator { Iterator(bitmap: bitmap) }

        /// The exact number of elements.
        public var underestimatedCount: Int { bitmap.freeCount }

        /// Walks the free slots; full words are never read.
        public struct Iterator: IteratorProtocol, Sendable {
            let bitmap: SlotBitmap
            var index = 0
            var free: UInt64

            init(bitmap: SlotBitmap) {
                self.bitmap = bitmap
                free = ~bitmap.words[0]
            }

            /// The next free slot.
            public mutating func next() -> Int? {
                if free == 0 {
                    let start = Swift.min((index + 1) << 6, bitmap.capacity)
                    guard let slot = bitmap.firstFree(atOrAfter: start) else { return nil }
                    index = slot >> 6
                    free = ~bitmap.words[index]
                }
                let slot = index << 6 | free.trailingZeroBitCount
                free &= free &- 1
                return slot
            }
        }
    }
}
