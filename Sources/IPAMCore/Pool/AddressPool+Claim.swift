extension AddressPool {
    /// Claims an address by the pool's ``picking``.
    ///
    /// - Returns: the address, or `nil` when all are claimed.
    /// - Complexity: O(log n) in the number of ranges.
    public mutating func claim() -> IPAddress? {
        guard let slot = claimSlot() else { return nil }
        return members.address(at: slot)
    }

    private mutating func claimSlot() -> UInt128? {
        switch picking {
        case .lowest:
            guard sparse == nil else { return sparse?.claimLowest() }
            return dense.claimLowest().map { UInt128($0) }
        case .nextFit:
            guard let slot = claimSlot(atOrAfter: cursor) else { return nil }
            cursor = slot == lastSlot ? 0 : slot + 1
            return slot
        case .random:
            guard let lastSlot, availableCount > 0 else { return nil }
            return claimSlot(atOrAfter: generator.next(through: lastSlot))
        }
    }

    private mutating func claimSlot(atOrAfter start: UInt128) -> UInt128? {
        guard sparse == nil else { return sparse?.claimNext(atOrAfter: start) }
        return dense.claimNext(atOrAfter: Int(start)).map { UInt128($0) }
    }

    /// Claims one particular address.
    ///
    /// - Complexity: O(log n) in the number of ranges.
    public mutating func claim(exactly address: IPAddress) -> ClaimOutcome {
        guard let slot = members.rank(of: address) else { return .notInPool }
        let isNew =
            if sparse == nil { dense.claim(exactly: Int(slot)) } else { sparse?.claim(exactly: slot) ?? false }
        return isNew ? .claimed : .alreadyClaimed
    }

    /// Gives an address back.
    ///
    /// - Returns: whether it was claimed; `false` also for an address that the pool does not serve.
    /// - Complexity: O(log n) in the number of ranges.
    @discardableResult
    public mutating func release(_ address: IPAddress) -> Bool {
        guard let slot = members.rank(of: address) else { return false }
        return if sparse == nil { dense.release(Int(slot)) } else { sparse?.release(slot) ?? false }
    }
}
