public import IPAMCore

/// Changes one address on behalf of an administrator or of a probe of the wire.
///
/// The outcome is whether anything changed.
public struct AddressProcess: EngineProcess, Sendable {
    /// What to do.
    public enum Change: Sendable, Hashable {
        /// End this claim, as it was seen; one that has changed since stays. The whole claim is compared, since a block that
        /// was restored from a backup counts its sequence numbers again.
        case reclaim(Claim)
        /// Keep the address from being handed out for a while, unless somebody owns it: it was seen in foreign use.
        case quarantine
    }

    let decision: AddressDecision
    private var batch: Batch?

    /// Prepares a change.
    ///
    /// - Parameters:
    ///   - change: What to do.
    ///   - address: The address.
    ///   - holder: For a quarantine, the hardware address that was seen using the address.
    ///   - now: The moment of the change.
    ///   - policy: How long the address is spared.
    public init(
        _ change: Change, of address: IPAddress, holder: MACAddress? = nil, now: Timestamp,
        policy: ReusePolicy = ReusePolicy()
    ) {
        decision = AddressDecision(address: address, change: change, holder: holder, now: now, policy: policy)
    }

    /// Asks for the block of the address.
    public mutating func begin() throws(AllocationError) -> EngineStep<Bool> {
        try batch.begin([.change(decision)]).isChanged
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<Bool> {
        try batch.resume(answer).isChanged
    }
}
