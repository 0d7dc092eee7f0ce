internal import IPAMCore

/// What ``AddressProcess`` decides; an object, since it never changes and every member of a batch has room for one.
final class AddressDecision: Decision {
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

    /// No new claim is made.
    func forEachOwner(_ body: (String) -> Void) {}

    func begin() -> StoreQuestion { .blocks([BlockKey(containing: address)]) }

    func resume(_ finding: Finding, _ draft: inout BlockDraft) throws(AllocationError) -> EngineStep<Bool> {
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
        return .done(isChanged)
    }
}
