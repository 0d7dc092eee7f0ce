public import IPAMCore

/// Claims addresses of the wanted families, as many as the request's ``FamilyPolicy`` asks for, or none.
///
/// 1. What the identity already owns is kept: the same address after any restart, also from a full pool. Only the
///    sandbox is replaced when it is another one. The same goes for what the same container and interface own under
///    another UID.
/// 2. Every other family takes the one address that is wanted, or else the first pool, in order, that has an address
///    left; within a pool never used ones first, then the longest free, then one that still cools.
/// 3. What another sandbox of the identity owns beyond that, in a family that is not wanted any more, is given up:
///    nobody would release it later.
/// 4. All changes go out in one write. After a conflict everything is looked at again.
///
/// The outcome is one claim for each demand that was served, in their order.
public struct ClaimProcess: EngineProcess, Sendable {
    /// How often a conflict may start the process over before it gives up.
    public static let maximumAttempts = 128

    let order: ClaimOrder
    private var batch: Batch?

    /// Prepares a claim.
    public init(_ request: ClaimRequest, policy: ReusePolicy = ReusePolicy()) {
        order = ClaimOrder(request, policy)
    }

    /// Asks what the identity already owns.
    public mutating func begin() throws(AllocationError) -> EngineStep<[Claim]> {
        try batch.begin([.claim(order)]).claims
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<[Claim]> {
        try batch.resume(answer).claims
    }
}
