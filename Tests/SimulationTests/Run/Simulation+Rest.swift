import IPAMCore
import IPAMEngine

/// The end of a schedule: faults stop, everybody repeats what was not answered, and then everything must be right.
extension Simulation {
    mutating func comeToRest() throws(Violation) {
        note("calm")
        weather.staleReads = 0
        weather.losses = 0
        weather.leavesOrphans = false
        while !orphans.isEmpty { try land() }
        for agent in agents.indices { synchronise(agent) }
        jobs.removeAll { $0.riders.allSatisfy(\.isAbandoned) }

        repeat {
            for index in workloads.indices { continueRuntime(index) }
            try finishJobs()
        } while workloads.contains {
            $0.phase == .stopping || !$0.owed.isEmpty || ($0.phase == .starting && !$0.isRefused)
        }
        try collectGarbage()
        try checkRefusals()
        try checkLeftovers()
        // Both leave the random numbers alone, so that a seed tells the same story with and without them.
        let pool = random.draw(4 * configuration.candidates.count)
        if isThorough || pool < configuration.candidates.count { try drain(pool % configuration.candidates.count) }
        if isThorough || pool % 4 == 0 { for stored in store.blocks { try checkEncoding(stored.block) } }
    }

    private mutating func continueRuntime(_ index: Int) {
        let workload = workloads[index]
        for generation in workload.owed where !hasJob(index, generation) { delete(index, generation) }
        guard !hasJob(index, workload.generation) else { return }
        switch workload.phase {
        case .idle: break
        case .starting: add(index)
        case .running: if !workload.isSettled { add(index) }
        case .stopping: delete(index)
        }
    }

    private mutating func finishJobs() throws(Violation) {
        var patience = 20_000
        while !jobs.isEmpty {
            try advance(random.draw(jobs.count))
            patience -= 1
            guard patience > 0 else { throw broken("\(jobs.count) requests come to no end") }
        }
    }

    /// Frees what no sandbox has, as CNI GC does. Without a restore or a write that landed late there is nothing.
    private mutating func collectGarbage() throws(Violation) {
        for claim in store.blocks.flatMap(\.block.claims) {
            guard
                let index = workloads.firstIndex(where: {
                    $0.name == claim.owner.name && $0.interface == claim.interface
                }),
                let generation = claim.containerID.split(separator: "-").last.flatMap({ Int($0) })
            else {
                let isKept = claim.state == .retained && claim.isFixed
                guard isKept, workloads.contains(where: { $0.isFixed && $0.name == claim.owner.name }) else {
                    throw broken("\(claim.address) belongs to \(claim.containerID), which never was")
                }
                continue
            }
            let workload = workloads[index]
            let isPresent = workload.phase == .running || workload.phase == .starting
            guard !isPresent || workload.generation != generation else { continue }
            guard store.restores > 0 || workload.isTainted else {
                throw broken("\(claim.address) leaked: \(claim.containerID)/\(claim.interface) is gone")
            }
            delete(index, generation)
        }
        try finishJobs()
    }

    /// With nothing else going on, an ADD is refused only by a pool that is really full.
    private mutating func checkRefusals() throws(Violation) {
        for index in workloads.indices {
            // After a restore a running workload can be refused, when others took the rest of its pool meanwhile.
            let workload = workloads[index]
            guard workload.phase == .starting || (workload.phase == .running && !workload.isSettled) else { continue }
            add(index)
            try finishJobs()
            guard workloads[index].isRefused else { continue }
            let request = workload.request(configuration, now: clock(of: workload.agent))
            let isExplained = request.demands.contains { demand in
                demand.candidates.allSatisfy { candidate in
                    !freeAddresses(candidate, request.now).contains { (demand.wanted ?? $0) == $0 }
                }
                    && !store.claims(of: request.identity).contains {
                        $0.address.family == demand.family
                            && (demand.wanted ?? $0.address) == $0.address
                            && request.declaredAddresses[$0.pool]?.contains($0.address) == true
                    }
            }
            guard isExplained else { throw broken("\(workload.name) is refused although its pools are not full") }
        }
    }

    /// The addresses of a pool that nobody owns and that are not in quarantine.
    private func freeAddresses(_ candidate: PoolCandidate, _ now: Timestamp) -> [IPAddress] {
        candidate.addresses.addresses.filter { address in
            guard let index = store.index(of: BlockKey(containing: address)) else { return false }
            let block = store.records[index].current.block
            let isQuarantined = block.rest(of: address).map { $0.reason == .quarantined && $0.until > now } ?? false
            return block.claim(on: address) == nil && !isQuarantined
        }
    }

    /// The store knows exactly what the runtimes know.
    private func checkLeftovers() throws(Violation) {
        try checkWorkloads()
        let told = workloads.filter { $0.phase == .running && $0.isSettled }.flatMap(\.told)
        guard Set(told).count == told.count else { throw broken("an address was told twice: \(told)") }
        var owned = 0
        for claim in store.blocks.flatMap(\.block.claims) where claim.state == .allocated {
            let workload = workloads.first { $0.name == claim.owner.name && $0.interface == claim.interface }
            // A refused request may own an address outside today's pools until it is served or ends.
            if workload?.phase == .running, workload?.isSettled == true, workload?.isTainted == false { owned += 1 }
        }
        let expected = workloads.filter { $0.phase == .running && $0.isSettled && !$0.isTainted }
            .reduce(0) { $0 + $1.told.count }
        guard owned == expected else { throw broken("\(owned) addresses are owned, \(expected) were told") }
    }

    /// A pool with n free addresses serves exactly n more.
    private mutating func drain(_ pool: Int) throws(Violation) {
        let candidate = configuration.candidates[pool]
        guard let family = configuration.pools[pool].universe.first?.family else { return }
        let now = clock(of: 0)
        let free = freeAddresses(candidate, now)
        var served: [IPAddress] = []
        while let address = claimAlone("drain-\(served.count)", candidate, family, now) {
            served.append(address)
            guard served.count <= free.count else { break }
        }
        guard served.sorted() == free else { throw broken("\(free) were free in \(candidate.pool), served: \(served)") }
    }

    /// One more claim with nothing else going on; `nil` when it is refused.
    private mutating func claimAlone(
        _ name: String, _ candidate: PoolCandidate, _ family: AddressFamily, _ now: Timestamp
    ) -> IPAddress? {
        var process = ClaimProcess(
            ClaimRequest(
                owner: Claim.Owner(uid: name), interface: "eth0", containerID: name, now: now,
                demands: [FamilyDemand(family: family, candidates: [candidate])],
                declaredAddresses: configuration.declaredAddresses),
            policy: policy)
        return try? store.run(&process).first?.address
    }
}
