/// Times of ``ClusterBlocks``.
public struct ClusterBlocksSettings: Sendable, Hashable {
    /// How long a list of an area is taken for the present when new blocks are looked for.
    public var surveyAge: Duration
    /// How long an empty block is kept after the last of its rests.
    public var lingerTime: Duration

    /// Makes settings; by default 10 seconds and 2 minutes.
    public init(surveyAge: Duration = .seconds(10), lingerTime: Duration = .seconds(120)) {
        self.surveyAge = surveyAge
        self.lingerTime = lingerTime
    }
}
