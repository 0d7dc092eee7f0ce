/// What a block says about one of its addresses, to take a change back that nobody has seen.
package struct SlotState: Sendable, Hashable {
    /// The address.
    package let address: IPAddress
    fileprivate let claim: Claim?
    fileprivate let rest: Rest?
    fileprivate let sequence: UInt64
}

extension Block {
    /// What the block says about an address now.
    package func state(of address: IPAddress) -> SlotState {
        SlotState(address: address, claim: claim(on: address), rest: rest(of: address), sequence: sequence)
    }

    /// Takes back what happened to an address since its state was noted, when nothing else has happened since.
    package mutating func restore(_ state: SlotState) {
        replace(state.address, claim: state.claim, rest: state.rest, sequence: state.sequence)
        assert(isConsistent, "block \(key) is inconsistent after a change was taken back")
    }
}
