import IPAMCore
import IPAMEngine

extension Simulation {
    /// What a job makes of an answer: the answer, unless a request of it is to make a mistake.
    func heard(_ answer: StoreAnswer, to question: StoreQuestion, by job: Job) -> StoreAnswer {
        let request = job.riders[job.process.present ?? 0].request
        let hasAdd = job.riders.contains { $0.request != nil }
        switch (flaw, question, answer) {
        case (.ownedIgnored, .owned, _) where job.riders.allSatisfy { $0.request != nil }:
            return .blocks([])
        case (.claimConflictIgnored, _, .conflict) where hasAdd, (.releaseConflictIgnored, _, .conflict) where !hasAdd:
            return .written
        case (.retainedGivenAway, .vacancies(let candidate, .rested, _, _), _):
            let blocks = store.blocks.compactMap { stored in
                stored.block.forgetting { $0.state == .retained && candidate.addresses.contains($0.address) }
                    .map { StoredBlock($0, version: stored.version) }
            }
            return blocks.isEmpty ? answer : .blocks(blocks)
        case (.wantedTakenFromOwner, .blocks, .blocks(let blocks)):
            guard let request, let wanted = request.demands.compactMap(\.wanted).first else { return answer }
            return .blocks(
                blocks.map { stored in
                    let block = stored.block.forgetting {
                        $0.address == wanted && $0.identity != request.identity
                    }
                    return StoredBlock(block ?? stored.block, version: stored.version)
                })
        case (.coolingRefused, .vacancies(_, .cooling, _, _), _):
            return .blocks([])
        case (.coolingFirst, .vacancies(let candidate, let freshness, let now, let known), _)
        where freshness != .cooling:
            let cooling = StoreQuestion.vacancies(candidate, .cooling, now: now, known: known)
            guard case .blocks(let blocks) = SimulatedStore.answer(cooling, from: store.blocks) else { return answer }
            return blocks.isEmpty ? answer : .blocks([])
        case (.quarantineIgnored, .vacancies(let candidate, .rested, _, _), _):
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

extension Simulation {
    /// What is written of what a batch wants to write.
    func flawed(_ writes: [StoredBlock], _ job: Job) -> [StoredBlock] {
        guard flaw == .pickLost, job.riders.count > 1 else { return writes }
        var writes = writes
        for index in writes.indices {
            let picked = writes[index].block.claims.first { claim in
                store.claim(on: claim.address) == nil && claim.identity == job.riders[0].identity
            }
            guard let picked, let block = writes[index].block.forgetting({ $0 == picked }) else { continue }
            writes[index].block = block
        }
        return writes
    }
}

extension Block {
    /// The block as if the first claim that fulfils a condition had ended very long ago; `nil` without one.
    fileprivate func forgetting(_ isForgotten: (Claim) -> Bool) -> Block? {
        guard let claim = claims.first(where: isForgotten) else { return nil }
        var block = self
        let past = Timestamp(milliseconds: 0)
        _ = block.release(claim.address, at: past, restingUntil: past) { _ in true }
        return block
    }

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
