/// A mistake made on purpose, to see that it is found.
enum ClusterFlaw: String, CaseIterable, Sendable {
    /// The server writes whatever the token was.
    case tokensIgnored
    /// Every life of every agent draws the same tokens.
    case tokensRepeat
    /// A list from the past is believed for a refusal.
    case staleRefusal
    /// An agent does not see its own write until its watch brings it.
    case ownWritesForgotten
    /// A write of which nothing was heard is taken for done.
    case silenceIsSuccess
    /// What a refused request had written in part stays.
    case piecesKept
    /// Where a fixed workload had its address before is not looked at.
    case hintsIgnored
    /// After a crash nobody looks into blocks of others.
    case guestsForgotten
    /// After a restore nobody compares the ledger.
    case repairSkipped
    /// Empty blocks are deleted whatever is in them by then.
    case deletedBlindly
    /// A restore is not noticed: old knowledge stays.
    case restoreUnnoticed
}
