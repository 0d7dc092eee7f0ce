import IPAMCore
import IPAMEngine

/// A release, or a reclaiming, with a fence of its own.
struct FlawedRelease: JobProcess {
    let identity: Claim.Identity?
    let keys: [BlockKey]
    let now: Timestamp
    let coolingTime: Duration
    let fence: @Sendable (Claim) -> Bool
    private var ended: [Claim] = []

    /// The process for a rider, with the given mistake; `nil` when the mistake is not one of his.
    init?(_ flaw: Flaw?, _ rider: Rider, now: Timestamp) {
        let (identity, attachment) = (rider.identity, rider.attachment)
        switch (flaw, rider.errand) {
        case (.containerIgnored, .delete): fence = { $0.identity == identity }
        case (.interfaceIgnored, .delete): fence = { $0.containerID == attachment.containerID }
        case (.coolingSkipped, .delete), (.fixedReleased, .delete): fence = { $0.attachment == attachment }
        case (.reclaimFenceIgnored, .reclaim(let claim)): fence = { $0.address == claim.address }
        default: return nil
        }
        if case .reclaim(let claim) = rider.errand {
            keys = [BlockKey(containing: claim.address)]
            self.identity = nil
        } else {
            keys = []
            self.identity = identity
        }
        coolingTime = flaw == .coolingSkipped ? .zero : ReusePolicy().coolingTime
        self.now = now
    }

    mutating func begin() -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        ended = []
        return .ask(identity.map { .owned([OwnerSearch($0)]) } ?? .blocks(keys))
    }

    mutating func resume(_ answer: StoreAnswer) -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        switch answer {
        case .blocks(let blocks):
            let changed = blocks.compactMap { stored in
                released(stored.block).map { StoredBlock($0, version: stored.version) }
            }
            return changed.isEmpty ? .done([.success(.released([]))]) : .ask(.write(changed))
        case .conflict:
            return begin()
        case .written, .usage:
            return .done([.success(.released(ended))])
        }
    }

    var present: Int? { 0 }

    /// Goes on as if nothing had been said.
    mutating func withdraw(_ position: Int, because error: AllocationError) {}

    private mutating func released(_ block: Block) -> Block? {
        var changed = block
        for claim in block.claims where fence(claim) {
            let until = now.adding(coolingTime)
            if let freed = changed.release(claim.address, at: now, restingUntil: until, if: fence) {
                ended.append(freed)
            }
        }
        return changed == block ? nil : changed
    }
}
