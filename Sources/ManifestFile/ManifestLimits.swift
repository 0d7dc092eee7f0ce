/// What a manifest file may cost; beyond it, reading stops with an error.
public struct ManifestLimits: Sendable, Hashable {
    /// Length of the text in bytes.
    public var maximumBytes: Int
    /// How deep objects and lists may nest.
    public var maximumDepth: Int
    /// Number of values in the file after aliases are replaced by what they stand for.
    public var maximumValues: Int

    /// Makes limits; by default 4 MiB, 64 levels and 200,000 values.
    public init(maximumBytes: Int = 4 << 20, maximumDepth: Int = 64, maximumValues: Int = 200_000) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
        self.maximumValues = maximumValues
    }
}
