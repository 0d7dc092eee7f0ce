internal import IPAMCore

/// What ``AddressProcess`` decides.
struct AddressDecision: Decision {
    let address: IPAddress
    let change: AddressProcess.Change
    let holder: MACAddress?
    let now: Timestamp
    let policy: ReusePolicy

    /// No new claim is made.
    func forEachOwner(_ body: (String) -> Void) {}

    mutating func begin() -> StoreQuestion { .blocks([BlockKey(containing: address)]) }

    mutating func resume(_ finding: Finding, _ draft: inout BlockDraft) throws(AllocationError) -> EngineStep<Bool> {
        var isChanged = false
        draft.update(address) { block in
            switch change {
            case .reclaim(let sequence):
                let until = now.adding(policy.coolingTime)
                isChanged = block.release(address, at: now, restingUntil: until) { $0.sequence == sequence } != nil
            case .quarantine:
                let until = now.adding(policy.quarantineTime)
                isChanged = block.quarantine(address, at: now, until: until, holder: holder)
            }
            return isChanged
        }
        return .done(isChanged)
    }
}
