/// The truth about 64 aligned addresses: who owns which, and which rest.
///
/// A block is the unit that is written: an address is claimed by one conditional write of its block. This type is the
/// pure part, a value whose methods change it in memory; stores make the change visible to others.
///
/// ```swift
/// var block = Block(BlockKey(containing: address))
/// let slot = block.vacancy(in: .max, now: now, freshness: .neverUsed)
/// ```
///
/// Invariants: every claim and rest lies in the block, each slot has at most one of the two, the records are sorted by
/// address, ``occupied`` and ``resting`` are exactly their slots, and no sequence number exceeds ``sequence``.
public struct Block: Sendable, Hashable {
    /// Which addresses these are.
    public let key: BlockKey

    /// One bit for each slot that is owned; bit 0 is the first address.
    public private(set) var occupied: UInt64 = 0

    /// One bit for each slot that rests, also when its time is over.
    public private(set) var resting: UInt64 = 0

    /// The owned addresses in ascending order.
    public private(set) var claims: [Claim] = []

    /// The resting addresses in ascending order.
    public private(set) var rests: [Rest] = []

    /// The highest sequence number given so far; counts changes of ownership and never falls.
    public private(set) var sequence: UInt64 = 0

    /// Makes a block in which nothing was ever used.
    public init(_ key: BlockKey) { self.key = key }

    /// Makes a block from stored records; `nil` when they break an invariant.
    init?(key: BlockKey, claims: [Claim], rests: [Rest], sequence: UInt64) {
        self.key = key
        self.claims = claims
        self.rests = rests
        self.sequence = sequence
        for index in claims.indices {
            guard let slot = key.slot(of: claims[index].address) else { return nil }
            occupied |= 1 << UInt64(slot)
        }
        for rest in rests {
            guard let slot = key.slot(of: rest.address) else { return nil }
            resting |= 1 << UInt64(slot)
        }
        guard isConsistent else { return nil }
    }

    /// Slots that were never used.
    @inlinable
    public var untouched: UInt64 { ~(occupied | resting) }

    /// The claim on an address, or `nil`.
    public func claim(on address: IPAddress) -> Claim? {
        claimIndex(of: address).map { claims[$0] }
    }

    /// The rest record of an address, or `nil`.
    public func rest(of address: IPAddress) -> Rest? {
        guard let slot = key.slot(of: address) else { return nil }
        let bit = UInt64(1) << UInt64(slot)
        return resting & bit == 0 ? nil : rests[(resting & (bit - 1)).nonzeroBitCount]
    }

    /// The claims on some slots, in ascending order of their addresses.
    ///
    /// - Parameter slots: One bit for each slot.
    /// - Returns: the claims; none for a slot that nobody owns.
    public func claims(in slots: UInt64) -> [Claim] {
        var found: [Claim] = []
        var rest = slots & occupied
        while rest != 0 {
            let bit = rest & (0 &- rest)
            found.append(claims[(occupied & (bit - 1)).nonzeroBitCount])
            rest ^= bit
        }
        return found
    }

    /// The slots whose claim or rest record is not the same in another state of this block.
    ///
    /// - Precondition: both have the same ``key``.
    /// - Complexity: O(n) in the number of records.
    public func slotsDiffering(from other: Block) -> UInt64 {
        precondition(key == other.key, "blocks \(key) and \(other.key) have no slot in common")
        var differing = (occupied ^ other.occupied) | (resting ^ other.resting)
        var (index, otherIndex) = (0, 0)
        for slot in 0..<UInt64(BlockKey.size) {
            let bit: UInt64 = 1 << slot
            let (isHere, isThere) = (occupied & bit != 0, other.occupied & bit != 0)
            if isHere, isThere, claims[index] != other.claims[otherIndex] { differing |= bit }
            if isHere { index += 1 }
            if isThere { otherIndex += 1 }
        }
        for rest in rests where other.rest(of: rest.address) != rest {
            if let slot = key.slot(of: rest.address) { differing |= 1 << UInt64(slot) }
        }
        return differing
    }

    /// Whether all invariants hold; tests and debug builds ask after each change.
    public var isConsistent: Bool {
        var seenClaims: UInt64 = 0
        var seenRests: UInt64 = 0
        // By index: a loop over the claims would copy each of them with all its texts.
        for index in claims.indices {
            guard let slot = key.slot(of: claims[index].address) else { return false }
            let bit: UInt64 = 1 << UInt64(slot)
            guard bit > seenClaims, claims[index].sequence <= sequence else { return false }
            seenClaims |= bit
        }
        for rest in rests {
            guard let slot = key.slot(of: rest.address) else { return false }
            let bit: UInt64 = 1 << UInt64(slot)
            guard bit > seenRests else { return false }
            seenRests |= bit
        }
        return seenClaims == occupied && seenRests == resting && seenClaims & seenRests == 0
    }

    private func claimIndex(of address: IPAddress) -> Int? {
        guard let slot = key.slot(of: address) else { return nil }
        let bit = UInt64(1) << UInt64(slot)
        guard occupied & bit != 0 else { return nil }
        return (occupied & (bit - 1)).nonzeroBitCount
    }

    // MARK: Changes

    /// What came of a claim.
    public enum ClaimOutcome: Sendable, Hashable {
        /// The address is owned by the claim, which now carries its sequence number.
        case claimed(Claim)
        /// The address belongs to somebody else; nothing changed.
        case taken(by: Claim)
        /// The address lies in another block; nothing changed.
        case elsewhere
    }

    /// Takes an address for a new owner, or hands it to another sandbox of the same identity.
    ///
    /// An address with an owner is only given to a claim of the same ``Claim/Identity``, or of the same
    /// ``Claim/Attachment``: that is one interface of one container, whatever it is called. The new claim then replaces
    /// the old one. The sequence number rises either way.
    public mutating func claim(_ claim: Claim) -> ClaimOutcome {
        guard let slot = key.slot(of: claim.address) else { return .elsewhere }
        let bit = UInt64(1) << UInt64(slot)
        let index = (occupied & (bit - 1)).nonzeroBitCount
        if occupied & bit != 0 {
            let owner = claims[index]
            guard owner.identity == claim.identity || owner.attachment == claim.attachment else {
                return .taken(by: owner)
            }
            claims.remove(at: index)
        }
        sequence += 1
        var recorded = claim
        recorded.sequence = sequence
        if index == claims.count { claims.append(recorded) } else { claims.insert(recorded, at: index) }
        occupied |= bit
        if resting & bit != 0 { removeRest(of: claim.address, bit: bit) }
        assert(isConsistent, "block \(key) is inconsistent after a claim")
        return .claimed(recorded)
    }

    /// Gives an address back; it rests until `until`.
    ///
    /// - Returns: the claim that ended; `nil`, and no change, when the address has no owner or `fence` does not hold.
    public mutating func release(
        _ address: IPAddress, at now: Timestamp, restingUntil until: Timestamp, if fence: (Claim) -> Bool
    ) -> Claim? {
        guard let index = claimIndex(of: address), let slot = key.slot(of: address), fence(claims[index]) else {
            return nil
        }
        let ended = claims.remove(at: index)
        sequence += 1
        occupied &= ~(1 << UInt64(slot))
        insertRest(Rest(address: address, reason: .cooling, since: now, until: until), slot: slot)
        assert(isConsistent, "block \(key) is inconsistent after a release")
        return ended
    }

    /// Keeps an address for its identity although its container has ended.
    ///
    /// - Returns: the claim as it is now, without a container; `nil`, and no change, when the address has no owner or
    ///   `fence` does not hold.
    public mutating func retain(_ address: IPAddress, at now: Timestamp, if fence: (Claim) -> Bool) -> Claim? {
        guard let index = claimIndex(of: address), fence(claims[index]) else { return nil }
        sequence += 1
        claims[index].state = .retained
        claims[index].containerID = ""
        claims[index].bootID = ""
        claims[index].since = now
        claims[index].sequence = sequence
        assert(isConsistent, "block \(key) is inconsistent after a claim was retained")
        return claims[index]
    }

    /// Marks an address that nobody owns as seen in foreign use, by `holder` if that is known; it is not picked before
    /// `until`.
    ///
    /// - Returns: `false`, and no change, when the address has an owner or lies in another block.
    public mutating func quarantine(
        _ address: IPAddress, at now: Timestamp, until: Timestamp, holder: MACAddress? = nil
    ) -> Bool {
        guard let slot = key.slot(of: address), occupied & (1 << UInt64(slot)) == 0 else { return false }
        removeRest(of: address, bit: 1 << UInt64(slot))
        insertRest(Rest(address: address, reason: .quarantined, since: now, until: until, holder: holder), slot: slot)
        assert(isConsistent, "block \(key) is inconsistent after a quarantine")
        return true
    }

    /// Puts an earlier state of one address back.
    mutating func replace(_ address: IPAddress, claim: Claim?, rest: Rest?, sequence: UInt64) {
        guard let slot = key.slot(of: address) else { return }
        let bit = UInt64(1) << UInt64(slot)
        if occupied & bit != 0 { claims.remove(at: (occupied & (bit - 1)).nonzeroBitCount) }
        occupied &= ~bit
        removeRest(of: address, bit: bit)
        if let claim {
            claims.insert(claim, at: (occupied & (bit - 1)).nonzeroBitCount)
            occupied |= bit
        }
        if let rest { insertRest(rest, slot: slot) }
        self.sequence = sequence
    }

    private mutating func removeRest(of address: IPAddress, bit: UInt64) {
        guard resting & bit != 0 else { return }
        rests.remove(at: (resting & (bit - 1)).nonzeroBitCount)
        resting &= ~bit
    }

    private mutating func insertRest(_ rest: Rest, slot: Int) {
        let bit = UInt64(1) << UInt64(slot)
        rests.insert(rest, at: (resting & (bit - 1)).nonzeroBitCount)
        resting |= bit
    }
}
