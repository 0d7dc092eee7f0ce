import IPAMCore
import IPAMEngine

/// What must hold after every step; only writes and outcomes can break it, so these are looked at.
extension Simulation {
    func broken(_ text: String) -> Violation { Violation(text: text) }

    // MARK: Writes

    /// Looks at every difference that a write made: each must be something that one of the requests may do.
    mutating func check(_ old: Block, _ new: Block, _ job: inout Job) throws(Violation) {
        let who = job.name
        guard new.isConsistent else { throw broken("\(who) wrote a block that contradicts itself: \(new.summary)") }
        for claim in old.claims where new.claim(on: claim.address) != claim {
            try checkEnd(of: claim, new.claim(on: claim.address), new.rest(of: claim.address), &job)
        }
        for claim in new.claims where old.claim(on: claim.address) == nil {
            try checkStart(of: claim, old.rest(of: claim.address), &job)
        }
        for rest in old.rests + new.rests where new.rest(of: rest.address) != old.rest(of: rest.address) {
            try checkRest(rest.address, old, new, job)
        }
        guard new.sequence > old.sequence || new.claims == old.claims else {
            throw broken("\(who) changed \(new.key), the sequence did not rise")
        }
        guard Set(new.claims.map(\.sequence)).count == new.claims.count else {
            throw broken("\(who) gave two claims of \(new.key) one sequence number")
        }
        if isThorough || new.sequence % 16 == 0 { try checkEncoding(new) }
    }

    /// The rest of an address began, or is another one: somebody saw a stranger use it, or it was released.
    private func checkRest(_ address: IPAddress, _ old: Block, _ new: Block, _ job: Job) throws(Violation) {
        guard let rest = new.rest(of: address) else { return }
        let isRight: Bool
        switch rest.reason {
        case .quarantined:
            let isSeen = job.riders.contains { $0.quarantines(address) }
            isRight = isSeen && rest.until == rest.since.adding(policy.quarantineTime)
        case .cooling:
            isRight =
                (old.claim(on: address) != nil || isPassing(address, job))
                && rest.until == rest.since.adding(policy.coolingTime)
        }
        guard isRight else { throw broken("\(job.name) changed the rest of \(address) to \(rest)") }
    }

    /// Whether a batch may pick an address and release it again, so that nobody else ever sees the claim: an ADD whose
    /// pools have the address is followed by the DEL of the same sandbox.
    private func isPassing(_ address: IPAddress, _ job: Job) -> Bool {
        job.riders.indices.contains { position in
            let ending = job.riders[position]
            return ending.isDelete && !ending.isDead
                && job.riders[..<position].contains { add in
                    guard let request = add.request, !request.isFixed, !add.isDead else { return false }
                    return add.attachment == ending.attachment
                        && request.demands.contains { demand in
                            (demand.wanted ?? address) == address
                                && demand.candidates.contains { $0.addresses.contains(address) }
                        }
                }
        }
    }

    func checkEncoding(_ block: Block) throws(Violation) {
        guard let decoded = try? Block(decoding: block.encoded()), decoded == block else {
            throw broken("\(block.key) is another block after encoding and decoding")
        }
    }

    /// A claim ended, or changed hands.
    private mutating func checkEnd(
        of claim: Claim, _ next: Claim?, _ rest: Rest?, _ job: inout Job
    ) throws(Violation) {
        let text = "\(claim.address) of \(claim.containerID)/\(claim.interface)"
        if let next, next.identity == claim.identity {
            let index =
                next.state == .retained
                ? job.riders.firstIndex { $0.isDelete && $0.attachment == claim.attachment && claim.isFixed }
                : job.riders.firstIndex { $0.request != nil && $0.identity == claim.identity }
            guard let index, next.state == .allocated || next.containerID.isEmpty else {
                throw broken("\(job.name) changed \(text) to \(next.containerID)/\(next.interface) \(next.state)")
            }
            if next.state == .retained { tally.retained += 1 }
            return try mark(index, &job)
        }
        // Of several that may, it was the one that is no ADD: an ADD after it finds nothing to replace, or is refused.
        let able = job.riders.indices.filter { mayEnd(claim, job.riders[$0]) && !job.riders[$0].isDead }
        let given = job.riders.firstIndex { mayEnd(claim, $0) }
        guard let index = able.first(where: { job.riders[$0].request == nil }) ?? able.first ?? given else {
            throw broken("\(job.name) freed \(text), which none of its requests may do")
        }
        try mark(index, &job)
        if case .reclaim = job.riders[index].errand { tally.reclaimed += 1 }
        tally.released += 1
        for job in jobs.indices {
            for rider in jobs[job].riders.indices where jobs[job].riders[rider].identity == claim.identity {
                jobs[job].riders[rider].expected.removeAll { $0 == claim.address }
            }
        }
        for rider in job.riders.indices where job.riders[rider].identity == claim.identity {
            job.riders[rider].expected.removeAll { $0 == claim.address }
        }
        if let next {
            // One of a batch released it, a later one took it because nothing better was left.
            guard job.riders.count > 1 else {
                throw broken("\(job.name) took \(text) for \(next.containerID)/\(next.interface)")
            }
            let cooling = Rest(
                address: claim.address, reason: .cooling, since: next.since, until: Timestamp(milliseconds: .max))
            return try checkStart(of: next, cooling, &job)
        }
        // A probe of the same batch may have seen a stranger use it. It may stand before whoever freed the address: after a
        // conflict it is decided again, and then comes after those who are not.
        if rest?.reason == .quarantined, job.riders.contains(where: { $0.quarantines(claim.address) && !$0.isDead }) {
            return
        }
        guard let rest, rest.reason == .cooling, rest.until == rest.since.adding(policy.coolingTime) else {
            throw broken("\(job.name) freed \(text), which does not cool")
        }
    }

    /// Whether a request may end a claim.
    private func mayEnd(_ claim: Claim, _ rider: Rider) -> Bool {
        switch rider.errand {
        case .add(let request):
            let wanted = request.demands.first { $0.family == claim.address.family }?.wanted
            let isReplaced =
                request.declaredAddresses[claim.pool]?.contains(claim.address) != true
                || (wanted ?? claim.address) != claim.address
            // The one exception is a second address that a late write left to a former sandbox.
            let isTainted = rider.workload.map { workloads[$0].isTainted } ?? false
            return claim.identity == rider.identity
                && (isReplaced || (isTainted && claim.attachment != rider.attachment))
        case .delete: return claim.attachment == rider.attachment && !claim.isFixed
        case .reclaim(let seen): return claim == seen
        case .quarantine: return false
        }
    }

    /// Something of a request is written.
    private func mark(_ index: Int, _ job: inout Job) throws(Violation) {
        guard !job.riders[index].isDead else {
            throw broken("#\(job.riders[index].number) is written although it was given up")
        }
        job.riders[index].hasWritten = true
    }

    /// An address was picked.
    private func checkStart(of claim: Claim, _ rest: Rest?, _ job: inout Job) throws(Violation) {
        let text = "\(job.name) picked \(claim.address) from \(claim.pool)"
        let index = job.riders.firstIndex {
            $0.request != nil && $0.identity == claim.identity && $0.attachment == claim.attachment
        }
        guard let index, let request = job.riders[index].request else { throw broken("\(text) for somebody else") }
        try mark(index, &job)
        job.picked.append(claim)
        let rider = job.riders[index]
        let demand = request.demands.first { $0.family == claim.address.family }
        let candidates = demand?.candidates ?? []
        guard let place = candidates.firstIndex(where: { $0.pool == claim.pool }),
            candidates[place].addresses.contains(claim.address)
        else { throw broken("\(text), which does not serve it") }
        if let wanted = demand?.wanted {
            guard claim.address == wanted else { throw broken("\(text), but \(wanted) was wanted") }
            if let rest, rest.reason == .quarantined, rest.until > request.now {
                throw broken("\(text), which is quarantined")
            }
            return
        }
        for earlier in candidates[..<place] {
            guard isFull(earlier.pool, rider) else { throw broken("\(text), but \(earlier.pool) comes first") }
        }
        if let rest {
            let isResting = rest.until > request.now
            guard rest.reason == .cooling || !isResting else { throw broken("\(text), which is quarantined") }
            guard isFull(claim.pool, rider, through: isResting ? .rested : .neverUsed) else {
                throw broken("\(text), which rests, but there was a better one")
            }
        }
    }

    /// Whoever got an address has no other of its family, once all blocks of a write are written.
    func checkPicked(_ job: Job) throws(Violation) {
        for claim in job.picked where store.claim(on: claim.address) == claim {
            let others = store.claims(of: claim.identity).filter {
                $0.address.family == claim.address.family && $0.address != claim.address
            }
            let isTainted = workloads.contains {
                $0.isTainted && $0.name == claim.owner.name && $0.interface == claim.interface
            }
            guard others.isEmpty || isTainted else {
                throw broken(
                    "\(job.name) picked \(claim.address) although \(claim.identity) has \(others.map(\.address))")
            }
        }
    }

    /// Whether the answers that a request was given leave nothing of a pool, up to a freshness.
    private func isFull(_ pool: String, _ rider: Rider, through last: Block.Freshness = .cooling) -> Bool {
        Block.Freshness.allCases.filter { $0 <= last }.allSatisfy { freshness in
            rider.rooms.contains { $0.pool == pool && $0.freshness == freshness && !$0.isThere }
                && !rider.rooms.contains { $0.pool == pool && $0.freshness == freshness && $0.isThere }
        }
    }

    // MARK: Workloads

    /// What a running workload was told belongs to it.
    func checkWorkloads() throws(Violation) {
        for workload in workloads where workload.phase == .running && workload.isSettled {
            for address in workload.told {
                let claim = store.claim(on: address)
                guard claim?.attachment == workload.attachment(workload.generation),
                    claim?.identity == workload.identity(workload.generation)
                else {
                    throw broken(
                        "\(workload.container(workload.generation))/\(workload.interface) runs with \(address), "
                            + "which belongs to \(claim.map { "\($0.containerID)/\($0.interface)" } ?? "nobody")")
                }
            }
        }
    }

    /// An ADD succeeded: the runtime is told.
    mutating func tell(_ rider: Rider, _ claims: [Claim]) throws(Violation) {
        guard let index = rider.workload else { return }
        let told = claims.map(\.address)
        note("#\(rider.number) tells \(workloads[index].container(rider.generation)) \(told)")
        guard isWhole(told, workloads[index]) else {
            throw broken("#\(rider.number) told \(told), which is not what it was asked for")
        }
        for (place, other) in workloads.enumerated() where place != index && other.phase == .running {
            guard let shared = other.told.first(where: told.contains) else { continue }
            // A request that began before a restore may tell what the restore took away.
            guard !other.isSettled || rider.restores != store.restores else {
                throw broken("#\(rider.number) told \(shared), with which \(other.container(other.generation)) runs")
            }
            tally.sharedAfterRestore += 1
        }
        for address in rider.expected where !told.contains(address) {
            throw broken("#\(rider.number) had \(address) and was told \(told)")
        }
        tally.told += 1
        workloads[index].told = told
        workloads[index].phase = .running
        workloads[index].isRefused = false
        workloads[index].isSettled = rider.restores == store.restores
        try checkWorkloads()
    }

    /// Whether an answer has the families that were asked for, each once and in their order, and the wanted address.
    private func isWhole(_ told: [IPAddress], _ workload: Workload) -> Bool {
        let families = workload.demands.map(\.family)
        let isWanted = told.allSatisfy { $0.family != workload.wanted?.family || $0 == workload.wanted }
        let isOrdered = families.filter(told.map(\.family).contains) == told.map(\.family)
        switch workload.policy {
        case .all: return isWanted && told.map(\.family) == families
        case .any: return isWanted && isOrdered && !told.isEmpty
        case .first: return isWanted && isOrdered && told.count == 1
        }
    }

    /// A request was refused.
    mutating func refuse(_ rider: Rider, _ error: AllocationError) throws(Violation) {
        tally.refused += 1
        note("#\(rider.number) is refused: \(error)")
        guard !rider.hasWritten else { throw broken("#\(rider.number) was refused after it had written") }
        if let workload = rider.workload { workloads[workload].isRefused = true }
        guard error.code == .usedOut else { return }
        for demand in rider.request?.demands ?? []
        where demand.family == (error.family ?? demand.family) && demand.wanted == nil {
            for candidate in demand.candidates where !isFull(candidate.pool, rider) {
                throw broken("#\(rider.number) was refused, but there was room in \(candidate.pool)")
            }
        }
    }

    /// A DEL succeeded: the sandbox owns nothing any more.
    mutating func confirm(_ rider: Rider) throws(Violation) {
        guard let index = rider.workload else { return }
        note("#\(rider.number) is confirmed")
        workloads[index].owed.removeAll { $0 == rider.generation }
        if workloads[index].phase == .stopping, workloads[index].generation == rider.generation {
            workloads[index].phase = .idle
        }
        guard !workloads[index].isTainted, rider.restores == store.restores else { return }
        for stored in store.blocks {
            if let left = stored.block.claims.first(where: { $0.attachment == rider.attachment }) {
                throw broken("#\(rider.number), a DEL, is confirmed, but \(left.address) is still owned")
            }
        }
    }

    // MARK: Numbers

    /// What the engine counts with masks is what is counted one by one.
    func check(
        _ counted: [PoolUsage], _ candidates: [PoolCandidate], _ now: Timestamp, _ view: [StoredBlock]
    ) throws(Violation) {
        for (usage, candidate) in zip(counted, candidates) {
            var sum = PoolUsage(
                pool: candidate.pool, capacity: candidate.addresses.count, claimed: 0, cooling: 0, quarantined: 0)
            for stored in view { sum.add(stored.block, within: candidate.addresses, now: now) }
            guard sum == usage else { throw broken("\(sum), but counted one by one: \(usage)") }
        }
    }
}
