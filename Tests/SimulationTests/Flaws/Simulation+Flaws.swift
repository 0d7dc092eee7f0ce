import IPAMCore
import IPAMEngine

extension Simulation {
    /// What a request makes of an answer: the answer, unless the request is to make a mistake.
    func heard(_ answer: StoreAnswer, to question: StoreQuestion, by job: Job) -> StoreAnswer {
        let isAdd = job.request != nil
        switch (flaw, question, answer) {
        case (.ownedIgnored, .ownedBy, _) where isAdd, (.ownedIgnored, .attachedTo, _) where isAdd:
            return .blocks([])
        case (.claimConflictIgnored, _, .conflict) where isAdd, (.releaseConflictIgnored, _, .conflict) where !isAdd:
            return .written
        case (.coolingRefused, .vacancies(_, .cooling, _), _):
            return .blocks([])
        case (.coolingFirst, .vacancies(let candidate, let freshness, let now), _) where freshness != .cooling:
            let cooling = StoreQuestion.vacancies(candidate, .cooling, now: now)
            guard case .blocks(let blocks) = SimulatedStore.answer(cooling, from: store.blocks) else { return answer }
            return blocks.isEmpty ? answer : .blocks([])
        case (.quarantineIgnored, .vacancies(let candidate, .rested, _), _):
            let blocks = store.blocks.filter { $0.block.quarantined(in: candidate.addresses) != nil }
            return blocks.isEmpty
                ? answer
                : .blocks(
                    blocks.map { StoredBlock($0.block.forgettingQuarantine(candidate.addresses), version: $0.version) })
        default:
            return answer
        }
    }
}

extension Block {
    /// The first quarantined address of a pool.
    fileprivate func quarantined(in addresses: AddressSet) -> IPAddress? {
        rests.first { $0.reason == .quarantined && addresses.contains($0.address) }?.address
    }

    /// The block as if the first quarantined address of a pool had been free for very long.
    fileprivate func forgettingQuarantine(_ addresses: AddressSet) -> Block {
        guard let address = quarantined(in: addresses) else { return self }
        var block = self
        let past = Timestamp(milliseconds: 0)
        let nobody = Claim(
            address: address, pool: "", owner: Claim.Owner(uid: ""), interface: "", containerID: "", since: past)
        _ = block.claim(nobody)
        _ = block.release(address, at: past, restingUntil: past) { _ in true }
        return block
    }
}
