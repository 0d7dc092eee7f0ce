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
        case 510..<540: reclaim()
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
        let kept = request.demands.flatMap { demand in
            claims.filter { claim in
                claim.address.family == demand.family && (demand.wanted ?? claim.address) == claim.address
                    && request.declaredAddresses[claim.pool]?.contains(claim.address) == true
            }
        }
        // An address that left its pool is given up while it is in use; so nothing is promised for the moment.
        if !workload.told.allSatisfy({ told in kept.contains { $0.address == told } }) {
            workloads[index].isSettled = false
        }
        // Of several that a late write left, the running sandbox must be told its own again; which one that is, only
        // the clock says.
        var expected = kept.map(\.address)
        if workload.isTainted { expected.removeAll { weather.clockJumps || !workload.told.contains($0) } }
        if workload.policy == .first { expected = Array(expected.prefix(1)) }
        start(.add(request), index, workload.generation, expected)
    }

    mutating func delete(_ index: Int) {
        workloads[index].phase = .stopping
        workloads[index].told = []
        workloads[index].isSettled = false
        delete(index, workloads[index].generation)
    }

    mutating func delete(_ index: Int, _ generation: Int) { start(.delete, index, generation, []) }

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

    private mutating func start(_ errand: Rider.Errand, _ index: Int, _ generation: Int, _ expected: [IPAddress]) {
        let workload = workloads[index]
        start(
            Rider(
                number: jobCount + 1, workload: index, generation: generation, errand: errand,
                identity: workload.identity(generation), attachment: workload.attachment(generation),
                restores: store.restores, expected: expected), on: workload.agent)
        note(
            "#\(jobCount) \(errand.isDelete ? "DEL" : "ADD") \(workload.container(generation)) "
                + "\(workload.interface) on node-\(workload.agent), expects \(expected)")
    }

    /// A request waits for others, or joins those who wait.
    private mutating func start(_ rider: Rider, on agent: Int) {
        jobCount += 1
        let isFlawed = FlawedRelease(flaw, rider, now: clock(of: agent)) != nil
        let gathering = jobs.firstIndex { $0.agent == agent && $0.isWaiting && $0.riders.count < 4 }
        if let gathering, !isFlawed, FlawedRelease(flaw, jobs[gathering].riders[0], now: clock(of: agent)) == nil {
            jobs[gathering].riders.append(rider)
        } else {
            jobs.append(Job(agent: agent, riders: [rider]))
        }
    }

    /// The caller of the present request of a workload does not wait any longer, or its deadline has passed.
    private mutating func giveUp(_ index: Int) {
        let generation = workloads[index].generation
        func isTheirs(_ rider: Rider) -> Bool {
            rider.workload == index && rider.generation == generation && !rider.isAbandoned
        }
        guard let place = jobs.firstIndex(where: { $0.riders.contains(where: isTheirs) }),
            let rider = jobs[place].riders.firstIndex(where: isTheirs)
        else { return }
        note("#\(jobs[place].riders[rider].number) is given up")
        tally.withdrawn += 1
        if flaw == .abandonedRequestsGoOn {
            jobs[place].riders[rider].isAbandoned = true
        } else if jobs[place].riders.count == 1 {
            jobs.remove(at: place)
        } else if jobs[place].isWaiting {
            jobs[place].riders.remove(at: rider)
        } else {
            jobs[place].riders[rider].isAbandoned = true
            jobs[place].riders[rider].isHeld = jobs[place].isWriting
            jobs[place].riders[rider].isDead = !jobs[place].isWriting
            if flaw != .withdrawnGoOn { jobs[place].process.withdraw(rider, because: AllocationError(.deadline)) }
        }
    }

    // MARK: Accidents

    mutating func crash(_ agent: Int) {
        tally.crashes += 1
        note("node-\(agent) crashes")
        for job in jobs where job.agent == agent {
            guard weather.leavesOrphans, case .question(.write(let blocks)) = job.mail else { continue }
            orphans.append(OrphanedWrite(job: job, blocks: blocks))
        }
        jobs.removeAll { $0.agent == agent }
        synchronise(agent)
        if flaw != .ownWritesUnseen { agents[agent].seen = store.blocks.map(\.version) }
    }

    /// A write whose agent died arrives, or never will.
    mutating func land() throws(Violation) {
        let orphan = orphans.remove(at: random.draw(orphans.count))
        guard random.chance(75), store.accepts(orphan.blocks) else { return }
        tally.orphansLanded += 1
        note("\(orphan.job.name) lands although its agent died")
        taint(orphan.job)
        _ = try apply(orphan.blocks, for: orphan.job)
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
            configuration.toggleMember(pool, member)
        } else {
            configuration.toggleReservation(address)
        }
        note("pools are now \(configuration.candidates.map { "\($0.pool) \($0.addresses)" })")
        // Everybody hears of it at once, or later.
        if random.chance(60) { agents.indices.forEach { synchronise($0) } }
    }

    mutating func synchronise(_ agent: Int) { agents[agent].configuration = configuration }

    /// A probe of some agent saw somebody else use an address.
    private mutating func quarantine() {
        let pool = configuration.pools[random.draw(configuration.pools.count)]
        let address = pool.universe[random.draw(pool.universe.count)]
        note("#\(jobCount + 1) quarantines \(address)")
        startForNobody(.quarantine(address))
    }

    /// The administrator ends a claim that he sees nobody run with.
    private mutating func reclaim() {
        let retained = store.blocks.flatMap(\.block.claims).filter { $0.state == .retained }
        guard !retained.isEmpty else { return }
        let claim = retained[random.draw(retained.count)]
        note("#\(jobCount + 1) reclaims \(claim.address), sequence \(claim.sequence)")
        startForNobody(.reclaim(claim))
    }

    private mutating func startForNobody(_ errand: Rider.Errand) {
        start(
            Rider(
                number: jobCount + 1, workload: nil, generation: 0, errand: errand,
                identity: Claim.Identity(uid: "", interface: ""),
                attachment: Claim.Attachment(containerID: "", interface: ""), restores: store.restores),
            on: random.draw(agents.count))
    }

    /// What a job leaves may be more than its workloads were told.
    private mutating func taint(_ job: Job) {
        for rider in job.riders {
            if let workload = rider.workload { workloads[workload].isTainted = true }
        }
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
            for rider in jobs[index].riders.indices { jobs[index].riders[rider].expected = [] }
            taint(jobs[index])
        }
    }
}
