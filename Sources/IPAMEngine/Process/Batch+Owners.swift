internal import IPAMCore

/// What members own when they begin.
extension Batch {
    /// Finds out for whom of those who wait the store found blocks.
    mutating func distribute(_ blocks: [StoredBlock]) {
        guard !blocks.isEmpty else { return }
        guard seats.count > 1 else {
            found = blocks.reversed().map { Found(member: 0, key: $0.block.key) }
            return
        }
        var seekers = OwnerTable(capacity: 2 * waiting.count)
        for index in waiting { seats[index].member.search?.forEachHash { seekers.insert($0, index) } }
        for stored in blocks {
            let claims = stored.block.claims
            for place in claims.indices {
                let holder = claims[place].holder
                func note(_ index: Int) {
                    guard seats[index].member.search?.finds(holder) == true else { return }
                    found.append(Found(member: index, key: stored.block.key))
                }
                seekers.forEach(holder.identityHash, note)
                if holder.attachmentHash != holder.identityHash { seekers.forEach(holder.attachmentHash, note) }
            }
        }
        found.sort { $0.member != $1.member ? $0.member > $1.member : $0.key > $1.key }
    }

    /// The blocks in which a member owns something, also by a plan that is not written yet.
    mutating func blocks(of index: Int, _ search: OwnerSearch, _ planned: OwnerTable) -> [BlockKey] {
        var keys: [BlockKey] = []
        while let next = found.last, next.member <= index {
            found.removeLast()
            if next.member == index, keys.last != next.key { keys.append(next.key) }
        }
        var isPlanned = false
        search.forEachHash { if planned.contains($0) { isPlanned = true } }
        if isPlanned {
            keys += draft.changedBlocks { search.finds($0.holder) }.filter { !keys.contains($0) }
        }
        if seats.count > 1 { draft.note(reader: index, of: keys) }
        return keys
    }
}

extension Batch? {
    /// Begins anew with these members.
    mutating func begin(_ members: [BatchMember]) -> EngineStep<Batch.Outcome> {
        var batch = Batch(members)
        let step = batch.begin()
        self = batch
        return step
    }

    /// Goes on after an answer.
    mutating func resume(_ answer: StoreAnswer) -> EngineStep<Batch.Outcome> {
        guard let step = self?.resume(answer) else { preconditionFailure("nothing was asked") }
        return step
    }
}

extension EngineStep<Batch.Outcome> {
    /// The step of a claim or release that is a batch of its own.
    var claims: EngineStep<[Claim]> {
        get throws(AllocationError) {
            switch self {
            case .ask(let question): .ask(question)
            case .done(let results): .done(try results[0].get().claims)
            }
        }
    }

    /// The step of a change that is a batch of its own.
    var isChanged: EngineStep<Bool> {
        get throws(AllocationError) {
            switch self {
            case .ask(let question): return .ask(question)
            case .done(let results):
                if case .changed(let isChanged) = try results[0].get() { return .done(isChanged) }
                return .done(false)
            }
        }
    }
}
