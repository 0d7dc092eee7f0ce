public import IPAMCore
internal import IPAMEngine

/// Empty blocks.
extension ClusterBlocks {
    /// The deletions of own blocks in which nobody has anything, and all rests are over for a while.
    ///
    /// Each is conditional on what is known, so nobody who has found room there meanwhile loses it. To be called between two
    /// batches; what comes of a deletion goes to ``gaveBack(_:_:)``.
    public func blocksToGiveBack(now: Timestamp) -> [BlockCall] {
        known.all.filter { block in
            block.node == label && block.stored.block.occupied == 0
                && block.stored.block.rests.allSatisfy { $0.until.adding(settings.lingerTime) <= now }
        }.map { .delete($0.key, uid: $0.uid, resourceVersion: $0.resourceVersion) }
    }

    /// Takes what came of a deletion.
    public mutating func gaveBack(_ call: BlockCall, _ result: BlockCallResult) {
        guard case .delete(let key, _, let version) = call, case .deleted = result,
            known[key]?.resourceVersion == version
        else { return }
        forget(key)
    }
}
