internal import IPAMCore

/// The part of a process that decides: it asks, and what it decides are changes of a draft.
///
/// Reading, writing and starting over after a conflict are the same for all and belong to ``Batch``. The draft may have
/// been changed by other decisions before.
protocol Decision: Sendable {
    associatedtype Outcome: Sendable

    /// The first question. Begins from the beginning, whatever happened before.
    mutating func begin() -> StoreQuestion

    /// What follows from an answer.
    mutating func resume(_ finding: Finding, _ draft: inout BlockDraft) throws(AllocationError) -> EngineStep<Outcome>

    /// Hands each name that new claims of the decision can be found by to `body`.
    func forEachOwner(_ body: (String) -> Void)
}

/// The answer to a question of a ``Decision``, seen through the draft.
enum Finding {
    /// These blocks are in the draft now.
    case blocks([BlockKey])
    /// The best block with an address of the pool and freshness asked for; it is in the draft.
    case room(BlockKey?)
    /// How the pools are used, the draft included.
    case usage([PoolUsage])
}
