public import ClusterBlocks

/// Times and limits of a ``ClusterStore``.
public struct ClusterStoreSettings: Sendable, Hashable {
    /// What the knowledge of blocks goes by.
    public var blocks = ClusterBlocksSettings()
    /// How many requests may wait.
    public var queueCapacity = 1000
    /// How many requests go out together at most.
    public var batchLimit = 128
    /// How long one call of the API server may take before it is made again.
    public var callTimeout = Duration.seconds(5)
    /// After how much time the own blocks are listed again, although the watch said nothing wrong.
    public var relistPeriod = Duration.seconds(300)
    /// How often empty blocks are looked for.
    public var giveBackPeriod = Duration.seconds(30)

    /// Makes settings with the usual values.
    public init() {}
}
