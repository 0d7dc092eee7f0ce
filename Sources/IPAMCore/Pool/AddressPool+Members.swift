extension AddressPool {
    /// Whether the pool serves an address, claimed or not.
    ///
    /// - Complexity: O(log n) in the number of ranges.
    public func contains(_ address: IPAddress) -> Bool { members.contains(address) }

    /// Whether an address is claimed; `false` for one that the pool does not serve.
    ///
    /// - Complexity: O(log n) in the number of ranges.
    public func isClaimed(_ address: IPAddress) -> Bool {
        guard let slot = members.rank(of: address) else { return false }
        return sparse?.isClaimed(slot) ?? dense.isClaimed(Int(slot))
    }

    /// Number of addresses that the pool serves; `UInt128.max` also stands for 2¹²⁸.
    public var capacity: UInt128 { members.count }

    /// Number of addresses that are claimed.
    public var claimedCount: UInt128 { sparse?.claimedCount ?? UInt128(dense.claimedCount) }

    /// Number of addresses that are free; `UInt128.max` also stands for 2¹²⁸.
    public var availableCount: UInt128 { sparse?.freeCount ?? UInt128(dense.freeCount) }

    /// The slot of the last member; `nil` in a pool without addresses.
    var lastSlot: UInt128? {
        if let sparse { return sparse.lastSlot }
        return dense.capacity > 0 ? UInt128(dense.capacity - 1) : nil
    }

    /// The claimed addresses in ascending order, computed as they are asked for.
    public var claimedAddresses: ClaimedAddresses { ClaimedAddresses(pool: self) }

    /// The claimed addresses of a pool in ascending order, as they were when it was asked for them.
    public struct ClaimedAddresses: Sequence, Sendable {
        let pool: AddressPool

        /// Starts at the lowest claimed address.
        public func makeIterator() -> Iterator { Iterator(pool: pool) }

        /// Walks the claimed slots of a pool.
        public struct Iterator: IteratorProtocol, Sendable {
            let members: AddressSet
            var dense: SlotBitmap.ClaimedSlots.Iterator
            var sparse: SparseSlotBitmap.ClaimedSlots.Iterator?

            init(pool: AddressPool) {
                members = pool.members
                dense = pool.dense.claimedSlots.makeIterator()
                sparse = pool.sparse?.claimedSlots.makeIterator()
            }

            /// The next claimed address.
            public mutating func next() -> IPAddress? {
                guard let slot = sparse?.next() ?? dense.next().map({ UInt128($0) }) else { return nil }
                return members.address(at: slot)
            }
        }
    }
}
