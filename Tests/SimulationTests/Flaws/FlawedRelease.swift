import IPAMCore
import IPAMEngine

/// A release with a fence of its own.
struct FlawedRelease: RequestProcess {
    let identity: Claim.Identity
    let now: Timestamp
    let coolingTime: Duration
    let fence: @Sendable (Claim) -> Bool
    private var ended: [Claim] = []

    /// The release of `attachment`, with the given mistake; `nil` when the mistake is not one of a release.
    init?(_ flaw: Flaw?, _ identity: Claim.Identity, _ attachment: Claim.Attachment, now: Timestamp) {
        switch flaw {
        case .containerIgnored: fence = { $0.identity == identity }
        case .interfaceIgnored: fence = { $0.containerID == attachment.containerID }
        case .coolingSkipped: fence = { $0.attachment == attachment }
        default: return nil
        }
        coolingTime = flaw == .coolingSkipped ? .zero : ReusePolicy().coolingTime
        self.identity = identity
        self.now = now
    }

    mutating func begin() throws(AllocationError) -> EngineStep<[Claim]> {
        ended = []
        return .ask(.ownedBy(identity))
    }

    mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<[Claim]> {
        switch answer {
        case .blocks(let blocks):
            let changed = blocks.compactMap { stored in
                released(stored.block).map { StoredBlock($0, version: stored.version) }
            }
            return changed.isEmpty ? .done([]) : .ask(.write(changed))
        case .conflict:
            return try begin()
        case .written, .usage:
            return .done(ended)
        }
    }

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
