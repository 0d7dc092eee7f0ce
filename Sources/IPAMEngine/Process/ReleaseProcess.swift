public import IPAMCore

/// Frees what one attachment owns, and nothing else.
///
/// A late request for an older sandbox finds nothing, since the claim carries the newer container ID. Repeating it
/// changes nothing. What is fixed is kept for its identity, without a container. The outcome is what ended, each claim as
/// it was, or as it is retained now.
public struct ReleaseProcess: EngineProcess {
    private let attachment: Claim.Attachment
    private let network: String?
    private let now: Timestamp
    private let policy: ReusePolicy
    private var attempt = 1
    private var draft = BlockDraft()
    private var ended: [Claim] = []

    /// Prepares a release.
    ///
    /// - Parameters:
    ///   - attachment: Container and interface whose addresses are freed.
    ///   - network: When given, only claims of this CNI network.
    ///   - now: The moment of the request.
    ///   - policy: How long the addresses cool.
    public init(
        _ attachment: Claim.Attachment, network: String? = nil, now: Timestamp, policy: ReusePolicy = ReusePolicy()
    ) {
        self.attachment = attachment
        self.network = network
        self.now = now
        self.policy = policy
    }

    /// Asks what the attachment owns.
    public mutating func begin() throws(AllocationError) -> EngineStep<[Claim]> {
        draft = BlockDraft()
        ended = []
        return .ask(.attachedTo(attachment))
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<[Claim]> {
        switch answer {
        case .blocks(let blocks):
            _ = draft.adopt(blocks)
            release()
            let writes = draft.writes
            return writes.isEmpty ? .done([]) : .ask(.write(writes))
        case .written:
            return .done(ended)
        case .conflict:
            guard attempt < ClaimProcess.maximumAttempts else { throw AllocationError(.contention) }
            attempt += 1
            return try begin()
        case .usage:
            preconditionFailure("the answer does not belong to the question")
        }
    }

    private mutating func release() {
        let (now, until) = (now, now.adding(policy.coolingTime))
        let (attachment, network) = (attachment, network)
        func isOurs(_ claim: Claim) -> Bool {
            claim.attachment == attachment && claim.state == .allocated && (network ?? claim.network) == claim.network
        }
        for claim in draft.claims(where: isOurs) {
            var freed: Claim?
            draft.update(BlockKey(containing: claim.address)) { block in
                freed =
                    claim.isFixed
                    ? block.retain(claim.address, at: now, if: isOurs)
                    : block.release(claim.address, at: now, restingUntil: until, if: isOurs)
                return freed != nil
            }
            if let freed { ended.append(freed) }
        }
    }
}
