/// What a store said to a question of a member of a ``Batch``.
enum Finding {
    /// The blocks that were asked for are in the draft now.
    case blocks
    /// How the pools are used, the draft included.
    case usage([PoolUsage])
}
