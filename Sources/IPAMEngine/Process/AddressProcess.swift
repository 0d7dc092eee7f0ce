public import IPAMCore

/// Changes one address on behalf of an administrator or of a probe of the wire.
///
/// The outcome is whether anything changed.
public struct AddressProcess: EngineProcess {
    /// What to do.
    public enum Change: Sendable, Hashable {
        /// End the claim with this sequence number; a claim that has changed since stays.
        case reclaim(sequence: UInt64)
        /// Keep the address from being handed out for a while, unless somebody owns it.
        case quarantine
    }

    private let address: IPAddress
    private let change: Change
    private let now: Timestamp
    private let policy: ReusePolicy
    private var attempt = 1

    /// Prepares a change.
    public init(_ change: Change, of address: IPAddress, now: Timestamp, policy: ReusePolicy = ReusePolicy()) {
        self.change = change
        self.address = address
        self.now = now
        self.policy = policy
    }

    /// Asks for the block of the address.
    public mutating func begin() throws(AllocationError) -> EngineStep<Bool> {
        .ask(.blocks([BlockKey(containing: address)]))
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<Bool> {
        switch answer {
        case .blocks(let blocks):
            guard var stored = blocks.first else { return .done(false) }
            let isChanged: Bool
            switch change {
            case .reclaim(let sequence):
                isChanged =
                    stored.block.release(address, at: now, restingUntil: now.adding(policy.coolingTime)) {
                        $0.sequence == sequence
                    } != nil
            case .quarantine:
                isChanged = stored.block.quarantine(address, at: now, until: now.adding(policy.quarantineTime))
            }
            return isChanged ? .ask(.write([stored])) : .done(false)
        case .written:
            return .done(true)
        case .conflict:
            guard attempt < ClaimProcess.maximumAttempts else { throw AllocationError(.contention) }
            attempt += 1
            return try begin()
        case .usage:
            preconditionFailure("the answer does not belong to the question")
        }
    }
}
