import IPAMCore
import IPAMEngine

/// What happens apart from messages: decisions of the runtimes, of the administrator, and accidents.
extension Simulation {
    mutating func disturb() throws(Violation) {
        let dice = random.draw(1000)
        switch dice {
        case ..<weather.crashes: crash(random.draw(agents.count))
        case 40..<140 where !orphans.isEmpty: try land()
        case 140..<260: deleteLate(random.draw(workloads.count))
        case 260..<340 where weather.edits: edit()
        case 340..<380 where weather.edits: quarantine()
        case 380..<410 where weather.clockJumps: jump()
        case 410..<460 where weather.restores: restoreOrSave()
        case 460..<510: synchronise(random.draw(agents.count))
        default: decide(random.draw(workloads.count))
        }
    }

    // MARK: Runtimes

    /// The runtime of a workload does what comes next, or changes its mind.
    private mutating func decide(_ index: Int) {
        let isBusy = hasJob(index, workloads[index].generation)
        switch workloads[index].phase {
        case .idle:
            startSandbox(index)
        case .starting:
            if isBusy {
                if random.chance(15) { giveUp(index) }
                if flaw == .twoRequestsAtOnce, random.chance(50) { add(index) }
            } else if random.chance(70) {
                add(index)
            } else if random.chance(50) {
                replaceSandbox(index)
            } else {
                delete(index)
            }
        case .running:
            guard !isBusy else { return }
            if random.chance(workloads[index].isSettled ? 15 : 40) {
                add(index)
            } else if random.chance(40) {
                replaceSandbox(index)
            } else {
                delete(index)
            }
        case .stopping:
            if !isBusy { delete(index) }
        }
    }

    private mutating func startSandbox(_ index: Int) {
        workloads[index].generation += 1
        workloads[index].told = []
        workloads[index].isSettled = false
        workloads[index].phase = .starting
        add(index)
    }

    /// The processes of a sandbox end and a new one starts; the DEL for the old one comes some time.
    private mutating func replaceSandbox(_ index: Int) {
        workloads[index].owed.append(workloads[index].generation)
        startSandbox(index)
    }

    mutating func add(_ index: Int) {
        let workload = workloads[index]
        let request = workload.request(agents[workload.agent].configuration, now: clock(of: workload.agent))
        let claims = store.claims(of: request.identity)
        let kept = claims.filter { claim in
            request.declaredAddresses[claim.pool]?.contains(claim.address) == true
                && request.demands.contains { $0.family == claim.address.family }
        }
        // An address that left its pool is given up while it is in use; so nothing is promised for the moment.
        if !workload.told.allSatisfy({ told in kept.contains { $0.address == told } }) {
            workloads[index].isSettled = false
        }
        // Of several that a late write left, the running sandbox must be told its own again; which one that is, only
        // the clock says.
        var expected = kept.map(\.address)
        if workload.isTainted { expected.removeAll { weather.clockJumps || !workload.told.contains($0) } }
        start(ClaimProcess(request, policy: policy), index, workload.generation, request, expected)
    }

    mutating func delete(_ index: Int) {
        workloads[index].phase = .stopping
        workloads[index].told = []
        workloads[index].isSettled = false
        delete(index, workloads[index].generation)
    }

    mutating func delete(_ index: Int, _ generation: Int) {
        let workload = workloads[index]
        let now = clock(of: workload.agent)
        let (identity, attachment) = (workload.identity(generation), workload.attachment(generation))
        if let flawed = FlawedRelease(flaw, identity, attachment, now: now) {
            return start(flawed, index, generation, nil, [])
        }
        start(
            ReleaseProcess(attachment, network: "rack", now: now, policy: policy), index, generation, nil, [])
    }

    /// A DEL for a sandbox that is gone, whether one was confirmed before or not.
    private mutating func deleteLate(_ index: Int) {
        let workload = workloads[index]
        let last = workload.phase == .idle ? workload.generation : workload.generation - 1
        guard last > 0 else { return }
        let generation = 1 + random.draw(last)
        guard !hasJob(index, generation) else { return }
        tally.lateReleases += 1
        delete(index, generation)
    }

    private mutating func start(
        _ process: some RequestProcess, _ index: Int, _ generation: Int, _ request: ClaimRequest?,
        _ expected: [IPAddress]
    ) {
        jobCount += 1
        let workload = workloads[index]
        var started: any RequestProcess = process
        // The first step of either process is a question; it refuses nothing.
        guard case .ask(let question) = try? started.begin() else { return }
        jobs.append(
            Job(
                number: jobCount, workload: index, generation: generation, request: request,
                identity: workload.identity(generation), attachment: workload.attachment(generation),
                restores: store.restores, process: started, mail: .question(question), expected: expected))
        note(
            "#\(jobCount) \(request == nil ? "DEL" : "ADD") \(workload.container(generation)) "
                + "\(workload.interface) on node-\(workload.agent), expects \(expected)")
    }

    /// The caller of the present request of a workload does not wait any longer.
    private mutating func giveUp(_ index: Int) {
        let generation = workloads[index].generation
        guard let job = jobs.firstIndex(where: { $0.workload == index && $0.generation == generation }) else { return }
        note("#\(jobs[job].number) is given up")
        if flaw == .abandonedRequestsGoOn {
            jobs[job].isAbandoned = true
        } else {
            jobs.remove(at: job)
        }
    }

    // MARK: Accidents

    mutating func crash(_ agent: Int) {
        tally.crashes += 1
        note("node-\(agent) crashes")
        for job in jobs where workloads[job.workload].agent == agent {
            guard weather.leavesOrphans, case .question(.write(let blocks)) = job.mail else { continue }
            orphans.append(OrphanedWrite(job: job, blocks: blocks))
        }
        jobs.removeAll { workloads[$0.workload].agent == agent }
        synchronise(agent)
        if flaw != .ownWritesUnseen { agents[agent].seen = store.blocks.map(\.version) }
    }

    /// A write whose agent died arrives, or never will.
    mutating func land() throws(Violation) {
        let orphan = orphans.remove(at: random.draw(orphans.count))
        guard random.chance(75), store.accepts(orphan.blocks) else { return }
        tally.orphansLanded += 1
        note("#\(orphan.job.number) lands although its agent died")
        workloads[orphan.job.workload].isTainted = true
        try apply(orphan.blocks, for: orphan.job)
    }

    private mutating func jump() {
        let agent = random.draw(agents.count)
        agents[agent].clockOffset += Int64(random.draw(4_000_000)) - 2_000_000
        note("the clock of node-\(agent) is now \(agents[agent].clockOffset) ms ahead")
    }

    // MARK: The administrator

    private mutating func edit() {
        let pool = random.draw(configuration.pools.count)
        let member = random.draw(configuration.pools[pool].universe.count)
        let address = configuration.pools[pool].universe[member]
        if random.chance(60) {
            configuration.toggleMember(pool, member) { store.claim(on: $0) != nil }
        } else {
            configuration.toggleReservation(address)
        }
        note("pools are now \(configuration.candidates.map { "\($0.pool) \($0.addresses)" })")
        // Everybody hears of it at once, or later.
        if random.chance(60) { agents.indices.forEach { synchronise($0) } }
    }

    mutating func synchronise(_ agent: Int) { agents[agent].configuration = configuration }

    private mutating func quarantine() {
        let pool = configuration.pools[random.draw(configuration.pools.count)]
        let address = pool.universe[random.draw(pool.universe.count)]
        guard let index = store.index(of: BlockKey(containing: address)) else { return }
        var block = store.records[index].current.block
        let now = clock(of: random.draw(agents.count))
        guard block.quarantine(address, at: now, until: now.adding(policy.quarantineTime)) else { return }
        note("\(address) is quarantined until \(now.adding(policy.quarantineTime))")
        store.put(block)
    }

    private mutating func restoreOrSave() {
        guard random.chance(50) else {
            note("a backup is made")
            return store.makeBackup()
        }
        tally.restores += 1
        note("the backup is restored")
        store.restore(reusingVersions: flaw == .versionsReturnAfterRestore)
        for index in workloads.indices { workloads[index].isSettled = false }
        for index in agents.indices { agents[index].seen = store.blocks.map(\.version) }
        // A request that looked before and writes afterwards can give its identity an address besides a restored one.
        for index in jobs.indices {
            jobs[index].expected = []
            workloads[jobs[index].workload].isTainted = true
        }
    }
}
