internal import IPAMCore

/// What ``ReleaseProcess`` decides.
final class ReleaseDecision: Sendable {
    /// Finds what the attachment owns.
    let search: OwnerSearch
    private let network: String?
    private let isKept: Bool
    private let now: Timestamp
    private let policy: ReusePolicy

    init(attachment: Claim.Attachment, network: String?, isKept: Bool, now: Timestamp, policy: ReusePolicy) {
        search = OwnerSearch(attachment)
        self.network = network
        self.isKept = isKept
        self.now = now
        self.policy = policy
    }

    /// Frees what is owned in some blocks of the draft.
    ///
    /// - Returns: what ended, in the order of the addresses.
    func apply(in keys: [BlockKey], _ draft: inout BlockDraft) -> [Claim] {
        guard !keys.isEmpty else { return [] }
        var ended: [Claim] = []
        let until = now.adding(policy.coolingTime)
        for claim in draft.claims(in: keys, where: isOurs).sorted(by: { $0.address < $1.address }) {
            draft.update(claim.address) { block in
                let freed =
                    claim.isFixed || isKept
                    ? block.retain(claim.address, at: now, if: isOurs)
                    : block.release(claim.address, at: now, restingUntil: until, if: isOurs)
                if let freed { ended.append(freed) }
                return freed != nil
            }
        }
        return ended
    }

    private func isOurs(_ claim: Claim) -> Bool {
        search.isAttachment(of: claim.holder) && claim.state == .allocated
            && (network ?? claim.network) == claim.network
    }
}
