import IPAMCore
import IPAMEngine

/// What must hold after every step; only writes and outcomes can break it, so these are looked at.
extension Simulation {
    func broken(_ text: String) -> Violation { Violation(text: text) }

    // MARK: Writes

    /// Looks at every difference that a write made: each must be something that this request may do.
    mutating func check(_ old: Block, _ new: Block, _ job: Job) throws(Violation) {
        let who = "#\(job.number)"
        guard new.isConsistent else { throw broken("\(who) wrote a block that contradicts itself: \(new.summary)") }
        for claim in old.claims where new.claim(on: claim.address) != claim {
            try checkEnd(of: claim, new.claim(on: claim.address), new.rest(of: claim.address), job)
        }
        for claim in new.claims where old.claim(on: claim.address) == nil {
            try checkStart(of: claim, old.rest(of: claim.address), job)
        }
        for rest in old.rests where new.rest(of: rest.address) != rest && new.claim(on: rest.address) == nil {
            throw broken("\(who) changed the rest of \(rest.address)")
        }
        guard new.sequence > old.sequence else { throw broken("\(who) changed \(new.key), the sequence did not rise") }
        guard Set(new.claims.map(\.sequence)).count == new.claims.count else {
            throw broken("\(who) gave two claims of \(new.key) one sequence number")
        }
        if isThorough || new.sequence % 16 == 0 { try checkEncoding(new) }
    }

    func checkEncoding(_ block: Block) throws(Violation) {
        guard let decoded = try? Block(decoding: block.encoded()), decoded == block else {
            throw broken("\(block.key) is another block after encoding and decoding")
        }
    }

    /// A claim ended, or changed hands.
    private mutating func checkEnd(of claim: Claim, _ next: Claim?, _ rest: Rest?, _ job: Job) throws(Violation) {
        let text = "\(claim.address) of \(claim.containerID)/\(claim.interface)"
        if let next {
            guard next.identity == claim.identity, job.request != nil, next.identity == job.identity else {
                throw broken("#\(job.number) took \(text) for \(next.containerID)/\(next.interface)")
            }
            return
        }
        if let request = job.request {
            let isReplaced = request.declaredAddresses[claim.pool]?.contains(claim.address) != true
            // The one exception is a second address that a late write left to a former sandbox.
            let isLeftover = workloads[job.workload].isTainted && claim.attachment != job.attachment
            guard claim.identity == job.identity, isReplaced || isLeftover else {
                throw broken("#\(job.number), an ADD, freed \(text)")
            }
        } else if claim.attachment != job.attachment {
            throw broken("#\(job.number), a DEL for \(job.attachment), freed \(text)")
        }
        guard let rest, rest.reason == .cooling, rest.until == rest.since.adding(policy.coolingTime) else {
            throw broken("#\(job.number) freed \(text), which does not cool")
        }
        tally.released += 1
        for index in jobs.indices where jobs[index].identity == claim.identity {
            jobs[index].expected.removeAll { $0 == claim.address }
        }
    }

    /// An address was picked.
    private func checkStart(of claim: Claim, _ rest: Rest?, _ job: Job) throws(Violation) {
        let text = "#\(job.number) picked \(claim.address) from \(claim.pool)"
        guard let request = job.request, claim.identity == job.identity, claim.attachment == job.attachment else {
            throw broken("\(text) for somebody else")
        }
        let candidates = request.demands.first { $0.family == claim.address.family }?.candidates ?? []
        guard let place = candidates.firstIndex(where: { $0.pool == claim.pool }),
            candidates[place].addresses.contains(claim.address)
        else { throw broken("\(text), which does not serve it") }
        for earlier in candidates[..<place] {
            guard isFull(earlier.pool, job) else { throw broken("\(text), but \(earlier.pool) comes first") }
        }
        if let rest {
            let isResting = rest.until > request.now
            guard rest.reason == .cooling || !isResting else { throw broken("\(text), which is quarantined") }
            guard isFull(claim.pool, job, through: isResting ? .rested : .neverUsed) else {
                throw broken("\(text), which rests, but there was a better one")
            }
        }
        let others = store.claims(of: claim.identity).filter {
            $0.address.family == claim.address.family && $0.address != claim.address
        }
        // The second block of the same write may be about to give up the other address.
        let isReplaced = others.allSatisfy { request.declaredAddresses[$0.pool]?.contains($0.address) != true }
        guard isReplaced || workloads[job.workload].isTainted else {
            throw broken("\(text) although \(claim.identity) has \(others.map(\.address))")
        }
    }

    /// Whether the answers that a request was given leave nothing of a pool, up to a freshness.
    private func isFull(_ pool: String, _ job: Job, through last: Block.Freshness = .cooling) -> Bool {
        Block.Freshness.allCases.filter { $0 <= last }.allSatisfy { freshness in
            job.rooms.contains { $0.pool == pool && $0.freshness == freshness && !$0.isThere }
                && !job.rooms.contains { $0.pool == pool && $0.freshness == freshness && $0.isThere }
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
    mutating func tell(_ job: Job, _ claims: [Claim]) throws(Violation) {
        let told = claims.map(\.address)
        note("#\(job.number) tells \(workloads[job.workload].container(job.generation)) \(told)")
        guard told.map(\.family) == workloads[job.workload].demands.map(\.family) else {
            throw broken("#\(job.number) was to answer each family once, and told \(told)")
        }
        for (index, other) in workloads.enumerated() where index != job.workload && other.phase == .running {
            guard let shared = other.told.first(where: told.contains) else { continue }
            // A request that began before a restore may tell what the restore took away.
            guard !other.isSettled || job.restores != store.restores else {
                throw broken("#\(job.number) told \(shared), with which \(other.container(other.generation)) runs")
            }
            tally.sharedAfterRestore += 1
        }
        for address in job.expected where !told.contains(address) {
            throw broken("#\(job.number) had \(address) and was told \(told)")
        }
        tally.told += 1
        workloads[job.workload].told = told
        workloads[job.workload].phase = .running
        workloads[job.workload].isRefused = false
        workloads[job.workload].isSettled = job.restores == store.restores
        try checkWorkloads()
    }

    /// An ADD was refused.
    mutating func refuse(_ job: Job, _ error: AllocationError) throws(Violation) {
        tally.refused += 1
        note("#\(job.number) is refused: \(error)")
        guard !job.hasWritten else { throw broken("#\(job.number) was refused after it had written") }
        guard !job.isAbandoned else { return }
        workloads[job.workload].isRefused = true
        guard error.code == .usedOut else { return }
        for demand in job.request?.demands ?? [] where demand.family == error.family {
            for candidate in demand.candidates where !isFull(candidate.pool, job) {
                throw broken("#\(job.number) was refused, but there was room in \(candidate.pool)")
            }
        }
    }

    /// A DEL succeeded: the sandbox owns nothing any more.
    mutating func confirm(_ job: Job) throws(Violation) {
        note("#\(job.number) is confirmed")
        workloads[job.workload].owed.removeAll { $0 == job.generation }
        if workloads[job.workload].phase == .stopping, workloads[job.workload].generation == job.generation {
            workloads[job.workload].phase = .idle
        }
        guard !workloads[job.workload].isTainted, job.restores == store.restores else { return }
        for stored in store.blocks {
            if let left = stored.block.claims.first(where: { $0.attachment == job.attachment }) {
                throw broken("#\(job.number), a DEL, is confirmed, but \(left.address) is still owned")
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
