public import IPAMCore
public import PoolModel

/// What an ``AllocationProcess`` wants to know or have done.
public enum AllocationQuestion: Sendable {
    /// The interfaces for which a UID owns addresses, `eth0` first. Answer: ``AllocationAnswer/interfaces(_:)``.
    case interfaces(owner: String)
    /// The claims of the identity, then those that only the attachment finds; each IPv4 first.
    /// Answer: ``AllocationAnswer/claims(_:)``.
    case owned(Claim.Identity, Claim.Attachment)
    /// The claims of the identity's owner for its other interfaces. Answer: ``AllocationAnswer/claims(_:)``.
    case others(Claim.Identity)
    /// The pools with these names, names that do not exist left out, and those that a selection for these requests has to
    /// know. Answer: ``AllocationAnswer/pools(_:)``.
    case pools(named: [String], for: [PoolRequest])
    /// All reservations. Answer: ``AllocationAnswer/reservations(_:)``.
    case reservations
    /// Reclaim these claims, and then claim; asked last. Answer: ``AllocationAnswer/claimed(_:)``.
    indirect case exchange([Claim], for: ClaimRequest)
}

/// What an ``AllocationProcess`` is told.
public enum AllocationAnswer: Sendable {
    /// The interfaces that were asked for.
    case interfaces([String])
    /// The claims that were asked for.
    case claims([Claim])
    /// The pools that were asked for.
    case pools([SpiderIPPool])
    /// The reservations.
    case reservations([SpiderReservedIP])
    /// What the engine said to the claim, or to giving back before it.
    case claimed(Result<[Claim], AllocationError>)
}

/// What an ``AllocationProcess`` wants next.
public enum AllocationStep: Sendable {
    /// An answer to this.
    case ask(AllocationQuestion)
    /// Nothing more.
    indirect case done(AllocationOutcome)
}
