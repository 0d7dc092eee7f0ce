public import IPAMCore
internal import PoolModel

/// What the metadata of a block's object says: enough to know where there is room, not enough to write.
public struct BlockSummary: Sendable, Hashable {
    /// Which block.
    public let key: BlockKey
    /// One bit for each slot that is owned.
    public let occupied: UInt64
    /// One bit for each slot that rests.
    public let resting: UInt64
    /// When the last rest ends.
    public let restsEnd: Timestamp
    /// The version of the object.
    public let resourceVersion: UInt64

    /// Reads the metadata of an object.
    ///
    /// Where nothing can be told of the slots they count as resting for ever: the object has to be read before one of them
    /// is taken, and nothing of it counts as free. `nil` when no block has such a name or the version is no number.
    ///
    /// - Parameters:
    ///   - name: The object's name.
    ///   - annotations: Its annotations.
    ///   - resourceVersion: Its version.
    public init?(name: String, annotations: [String: String], resourceVersion: String?) {
        guard let key = SpiderIPBlock.key(named: name), let version = resourceVersion.flatMap({ UInt64($0) }) else {
            return nil
        }
        self.key = key
        self.resourceVersion = version
        let parts = (annotations[BlockLabels.slotsKey] ?? "").split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 3, parts[0].utf8.count == 16, parts[1].utf8.count == 16,
            let occupied = UInt64(parts[0], radix: 16), let resting = UInt64(parts[1], radix: 16),
            occupied & resting == 0,
            let end = parts[2].isEmpty ? Timestamp(milliseconds: .min) : Timestamp(rfc3339: String(parts[2]))
        {
            (self.occupied, self.resting, restsEnd) = (occupied, resting, end)
        } else {
            (occupied, resting, restsEnd) = (0, .max, Timestamp(milliseconds: .max))
        }
    }

    init(_ block: Block, resourceVersion: UInt64) {
        key = block.key
        occupied = block.occupied
        resting = block.resting
        restsEnd = block.rests.map(\.until).max() ?? Timestamp(milliseconds: .min)
        self.resourceVersion = resourceVersion
    }
}
