public import IPAMCore

/// Frees what one attachment owns, and nothing else.
///
/// A late request for an older sandbox finds nothing, since the claim carries the newer container ID. Repeating it
/// changes nothing. What is fixed is kept for its identity, without a container. The outcome is what ended, each claim as
/// it was, or as it is retained now.
public struct ReleaseProcess: EngineProcess, Sendable {
    let decision: ReleaseDecision
    private var batch: Batch?

    /// Prepares a release.
    ///
    /// - Parameters:
    ///   - attachment: Container and interface whose addresses are freed.
    ///   - network: When given, only claims of this CNI network.
    ///   - isKept: Whether the addresses are kept for their identity also when they are not fixed: its workload goes on, and
    ///     only its sandbox is replaced.
    ///   - now: The moment of the request.
    ///   - policy: How long the addresses cool.
    public init(
        _ attachment: Claim.Attachment, network: String? = nil, isKept: Bool = false, now: Timestamp,
        policy: ReusePolicy = ReusePolicy()
    ) {
        decision = ReleaseDecision(
            attachment: attachment, network: network, isKept: isKept, now: now, policy: policy)
    }

    /// Asks what the attachment owns.
    public mutating func begin() throws(AllocationError) -> EngineStep<[Claim]> {
        try batch.begin([.release(decision)]).claims
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<[Claim]> {
        try batch.resume(answer).claims
    }
}
