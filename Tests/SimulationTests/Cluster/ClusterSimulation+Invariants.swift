import ClusterBlocks
import IPAMCore
import IPAMEngine

/// What must hold after every write and every answer, and at the end.
extension ClusterSimulation {
    mutating func check(_ old: Block, _ new: Block) throws(Violation) {
        guard new.isConsistent else { throw broken("\(new.summary) contradicts itself") }
        noteFree(new)
        try checkWorkloads()
    }

    /// Remembers since when addresses are free.
    mutating func noteFree(_ block: Block) {
        for address in freeSince.keys where block.key.slot(of: address) != nil {
            let isFree = block.claim(on: address) == nil && block.rest(of: address)?.reason != .quarantined
            freeSince[address] = isFree ? min(freeSince[address] ?? .max, stepCount) : .max
        }
    }

    /// What a running workload was told belongs to it.
    func checkWorkloads() throws(Violation) {
        for workload in workloads where workload.phase == .running && workload.isSettled {
            for address in workload.told {
                let claim = server.claim(on: address)
                guard claim?.attachment == workload.attachment(workload.generation),
                    claim?.identity == workload.identity(workload.generation)
                else {
                    throw broken(
                        "\(workload.container(workload.generation)) runs with \(address), which belongs to "
                            + (claim.map(\.containerID) ?? "nobody"))
                }
            }
        }
    }

    mutating func takeAnswers(_ index: Int) throws(Violation) {
        for answer in agents[index].queue.takeAnswers() {
            guard let number = agents[index].tickets.removeValue(forKey: answer.ticket) else { continue }
            let rider = riders[number]
            agents[index].blocks.unpin(rider.hints)
            switch (rider.errand, answer.result) {
            case (.add, .success(let outcome)): try tell(rider, outcome.claims)
            case (.add, .failure(let error)): try refuse(rider, error)
            case (.delete, .success): try confirm(rider)
            case (.delete, .failure(let error)): throw broken("a DEL is refused: \(error)")
            case (.repair, .success(let outcome)): repaired(rider, outcome.claims)
            case (.repair, .failure):
                // Somebody was faster after the comparison; the next one reports it.
                agents[index].isRepairing = true
            case (.quarantine, _): break
            }
        }
    }

    private mutating func tell(_ rider: ClusterRider, _ claims: [Claim]) throws(Violation) {
        let index = rider.workload
        guard workloads[index].generation == rider.generation, workloads[index].phase != .idle else { return }
        let told = claims.map(\.address)
        let name = workloads[index].container(rider.generation)
        note("\(name) is told \(told)")
        guard told.map(\.family) == workloads[index].demands.map(\.family) else {
            throw broken("\(name) was told \(told)")
        }
        let isCurrent = rider.restores == server.restores
        for address in rider.expected where isCurrent && !workloads[index].isTainted && !told.contains(address) {
            throw broken("\(name) had \(address) and was told \(told)")
        }
        for (place, other) in workloads.enumerated() where place != index && other.phase == .running {
            guard let shared = other.told.first(where: told.contains), other.isSettled, isCurrent else { continue }
            throw broken("\(name) was told \(shared), with which \(other.container(other.generation)) runs")
        }
        tally.told += 1
        (workloads[index].told, workloads[index].endpoint, workloads[index].phase) = (told, told, .running)
        (workloads[index].isSettled, workloads[index].isRefused) = (isCurrent, false)
        workloads[index].isReported = false
        agents[rider.agent].ledger[index] = (rider.generation, claims)
        if !isCurrent { agents[rider.agent].isRepairing = true }
        try checkWorkloads()
    }

    private mutating func repaired(_ rider: ClusterRider, _ claims: [Claim]) {
        let index = rider.workload
        guard workloads[index].generation == rider.generation, workloads[index].phase == .running else { return }
        tally.repaired += 1
        guard Set(claims.map(\.address)) == Set(workloads[index].told), rider.restores == server.restores else {
            agents[rider.agent].isRepairing = true
            return
        }
        workloads[index].isSettled = true
        agents[rider.agent].ledger[index] = (rider.generation, claims)
    }

    private mutating func refuse(_ rider: ClusterRider, _ error: AllocationError) throws(Violation) {
        tally.refused += 1
        let workload = workloads[rider.workload]
        note("\(workload.container(rider.generation)) is refused: \(error)")
        if workload.generation == rider.generation { workloads[rider.workload].isRefused = true }
        // While it was under way the ledger could not be compared.
        if workload.phase == .running { agents[rider.agent].isRepairing = true }
        guard rider.restores == server.restores, !workload.isTainted else { return }
        if !workload.isFixed, workload.told.isEmpty, !workload.isTorn,
            let left = server.claims.first(where: { $0.attachment == workload.attachment(rider.generation) })
        {
            throw broken("\(workload.container(rider.generation)) was refused and has \(left.address): \(error)")
        }
        guard error.code == .usedOut else { return }
        for demand in workload.demands where demand.family == error.family ?? demand.family {
            let free = demand.pools.flatMap { pool in
                configuration.candidates[pool].addresses.addresses.filter { freeSince[$0, default: .max] < rider.step }
            }
            guard free.isEmpty else {
                throw broken("\(workload.container(rider.generation)) was refused, but \(free) were free: \(error)")
            }
        }
    }

    private mutating func confirm(_ rider: ClusterRider) throws(Violation) {
        tally.released += 1
        let workload = workloads[rider.workload]
        let attachment = workload.attachment(rider.generation)
        note("DEL \(attachment.containerID) is confirmed")
        workloads[rider.workload].owed.removeAll { $0.generation == rider.generation }
        if agents[rider.agent].ledger[rider.workload]?.generation == rider.generation {
            agents[rider.agent].ledger[rider.workload] = nil
        }
        guard !workload.isTainted, rider.restores == server.restores else { return }
        if let left = server.claims.first(where: { $0.attachment == attachment }) {
            throw broken("the DEL of \(attachment.containerID) is confirmed, but \(left.address) is owned")
        }
    }

    // MARK: The end

    /// Faults stop; everything is repeated until it is answered; then everything must be right.
    mutating func comeToRest() throws(Violation) {
        note("calm")
        (losses, staleness) = (0, 0)
        while !orphans.isEmpty { try land() }
        if tally.restores > 0 {
            for index in agents.indices {
                agents[index].position = flaw == .restoreUnnoticed ? agents[index].position : nil
            }
        }
        for _ in 0..<6 {
            for index in workloads.indices {
                for owed in workloads[index].owed { delete(index, owed) }
                let isBusy = isBusy(index, workloads[index].generation)
                if workloads[index].phase == .starting, !isBusy { add(index) }
            }
            try settle()
        }
        for workload in workloads {
            guard workload.owed.isEmpty else { throw broken("\(workload.name) has DELs that nobody confirms") }
            guard workload.phase != .starting || workload.isRefused else {
                throw broken("\(workload.name) waits for ever")
            }
            guard workload.phase != .running || workload.isSettled || workload.isReported else {
                throw broken(
                    "\(workload.container(workload.generation)) runs with \(workload.told) and nobody protects it")
            }
        }
        try checkLeftovers()
        try checkKnowledge()
        try drain()
    }

    private mutating func settle() throws(Violation) {
        var patience = 4000
        while patience > 0 {
            patience -= 1
            stepCount += 1
            time += 1
            for index in agents.indices { try advance(index) }
            let isQuiet = agents.allSatisfy { agent in
                guard case .idle = agent.state else { return false }
                return agent.tickets.isEmpty && agent.position != nil && agent.listing == nil && !agent.isRepairing
                    && server.event(for: agent.blocks.label, after: agent.position ?? 0) == nil
            }
            if isQuiet { return }
        }
        throw broken("the agents come to no end")
    }

    /// The blocks know exactly what the runtimes know.
    private func checkLeftovers() throws(Violation) {
        try checkWorkloads()
        for claim in server.claims where claim.state == .allocated {
            guard let workload = workloads.first(where: { $0.name == claim.owner.name }) else {
                throw broken("\(claim.address) belongs to \(claim.containerID), which never was")
            }
            let isPresent = workload.phase != .idle && claim.attachment == workload.attachment(workload.generation)
            guard isPresent || workload.isTainted || tally.restores > 0 else {
                throw broken("\(claim.address) leaked: \(claim.containerID) is gone")
            }
        }
    }

    /// Every agent knows its own blocks.
    private func checkKnowledge() throws(Violation) {
        for agent in agents {
            let known = Set(agent.blocks.claims.filter { isOwn($0, agent) })
            let there = Set(server.claims.filter { $0.node == agent.node && isOwn($0, agent) })
            guard known == there else {
                throw broken("\(agent.node) knows \(known.map(\.address)), there are \(there.map(\.address))")
            }
        }
    }

    private func isOwn(_ claim: Claim, _ agent: ClusterAgent) -> Bool {
        server.objects[BlockKey(containing: claim.address)]?.node == agent.blocks.label
    }

    /// Each pool serves as many more as are free, through one agent, whoever's blocks they are in.
    private mutating func drain() throws(Violation) {
        guard let pool = configuration.candidates.indices.randomElement(using: &random) else { return }
        let candidate = configuration.candidates[pool]
        guard let family = candidate.addresses.family else { return }
        let free = candidate.addresses.addresses.filter { address in
            let block = server.objects[BlockKey(containing: address)]?.block
            return block?.claim(on: address) == nil
                && !(block?.rest(of: address)?.isQuarantined(at: clock(of: 0)) ?? false)
        }
        var tickets: Set<RequestQueue.Ticket> = []
        for number in 0...free.count {
            let request = ClaimRequest(
                owner: Claim.Owner(uid: "drain-\(number)"), interface: "eth0", containerID: "drain-\(number)",
                node: agents[0].node, now: clock(of: 0),
                demands: [FamilyDemand(family: family, candidates: [candidate])],
                declaredAddresses: configuration.declaredAddresses)
            if let ticket = try? agents[0].queue.submit(.claim(ClaimProcess(request))) { tickets.insert(ticket) }
        }
        var served: [IPAddress] = []
        var patience = 4000
        while !tickets.isEmpty, patience > 0 {
            patience -= 1
            if agents[0].queue.isBusy, case .calling(let calls, _) = agents[0].state {
                let results = calls.map { server.perform($0) }
                if let words = agents[0].follow(agents[0].blocks.resume(results, at: now), now) { throw broken(words) }
            } else if let words = agents[0].begin(now) {
                throw broken(words)
            }
            for answer in agents[0].queue.takeAnswers() where tickets.remove(answer.ticket) != nil {
                served += (try? answer.result.get().claims.map(\.address)) ?? []
            }
        }
        guard served.sorted() == free.sorted() else {
            throw broken("\(free) were free in \(candidate.pool), served: \(served)")
        }
    }
}
