internal import IPAMCore

/// What ``ReleaseProcess`` decides; an object, since it never changes and every member of a batch has room for one.
final class ReleaseDecision: Decision {
    private let attachment: Claim.Attachment
    private let network: String?
    private let now: Timestamp
    private let policy: ReusePolicy

    init(attachment: Claim.Attachment, network: String?, now: Timestamp, policy: ReusePolicy) {
        self.attachment = attachment
        self.network = network
        self.now = now
        self.policy = policy
    }

    /// A release makes no new claim.
    func forEachOwner(_ body: (String) -> Void) {}

    func begin() -> StoreQuestion { .attachedTo(attachment) }

    func resume(
        _ finding: Finding, _ draft: inout BlockDraft
    ) throws(AllocationError) -> EngineStep<[Claim]> {
        guard case .blocks(let keys) = finding else {
            preconditionFailure("the answer does not belong to the question")
        }
        var ended: [Claim] = []
        let until = now.adding(policy.coolingTime)
        for claim in draft.claims(in: keys, where: isOurs).sorted(by: { $0.address < $1.address }) {
            draft.update(claim.address) { block in
                let freed =
                    claim.isFixed
                    ? block.retain(claim.address, at: now, if: isOurs)
                    : block.release(claim.address, at: now, restingUntil: until, if: isOurs)
                if let freed { ended.append(freed) }
                return freed != nil
            }
        }
        return .done(ended)
    }

    private func isOurs(_ claim: Claim) -> Bool {
        claim.state == .allocated && claim.attachment == attachment && (network ?? claim.network) == claim.network
    }
}
