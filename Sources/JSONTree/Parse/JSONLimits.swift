/// How large and how deep a document may be.
public struct JSONLimits: Sendable, Hashable {
    /// The largest depth that can be allowed; reading and releasing a tree of this depth fits any thread's stack.
    public static let deepest = 1000

    /// The number of arrays and objects that may be open at once, 128 unless said, at most ``deepest``.
    public let maximumDepth: Int

    /// The largest document in bytes, 4 MiB unless said.
    public let maximumBytes: Int

    /// Makes limits; a depth above ``deepest`` is lowered to it, one below 0 raised.
    public init(maximumDepth: Int = 128, maximumBytes: Int = 4 << 20) {
        self.maximumDepth = max(0, min(maximumDepth, Self.deepest))
        self.maximumBytes = maximumBytes
    }

    /// 128 levels, 4 MiB.
    public static let `default` = JSONLimits()
}
