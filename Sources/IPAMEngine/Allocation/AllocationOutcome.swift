public import IPAMCore
public import PoolModel

/// What came of an ``Allocation``, with everything that led to it.
public struct AllocationOutcome: Sendable {
    /// Who decides about the pools; `nil` when that cannot be told.
    public internal(set) var plan: PoolPlan?
    /// Which pools may serve; `nil` when it did not come so far.
    public internal(set) var prepared: PreparedSelection?
    /// What a restarted workload gave back because its pools changed.
    public internal(set) var released: [OutdatedPools.Release] = []
    /// The claims, or why there are none.
    public internal(set) var answer: Result<[Claim], AllocationRefusal> = .success([])
}
