internal import IPAMCore

/// What ``AddressProcess`` decides.
final class AddressDecision: Sendable {
    private let address: IPAddress
    private let change: AddressProcess.Change
    private let holder: MACAddress?
    private let now: Timestamp
    private let policy: ReusePolicy

    init(
        address: IPAddress, change: AddressProcess.Change, holder: MACAddress?, now: Timestamp, policy: ReusePolicy
    ) {
        self.address = address
        self.change = change
        self.holder = holder
        self.now = now
        self.policy = policy
    }

    /// The block that must be in the draft.
    var key: BlockKey { BlockKey(containing: address) }

    /// Changes what the draft says about the address.
    ///
    /// - Returns: whether that is anything else than before.
    func apply(_ draft: inout BlockDraft) -> Bool {
        var isChanged = false
        draft.update(address) { block in
            switch change {
            case .reclaim(let claim):
                let until = now.adding(policy.coolingTime)
                isChanged = block.release(address, at: now, restingUntil: until) { $0 == claim } != nil
            case .quarantine:
                let until = now.adding(policy.quarantineTime)
                isChanged = block.quarantine(address, at: now, until: until, holder: holder)
            }
            return isChanged
        }
        return isChanged
    }
}
