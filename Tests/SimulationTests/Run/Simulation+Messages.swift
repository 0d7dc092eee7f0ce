import IPAMCore
import IPAMEngine

/// Messages between the agents' processes and the store.
extension Simulation {
    /// Takes one message of a job one stop further.
    mutating func advance(_ index: Int) throws(Violation) {
        switch jobs[index].mail {
        case .waiting:
            try begin(index)
        case .question(let question):
            if random.chance(weather.losses) { return lose(index, "is lost on the way to the store") }
            if weather.leavesOrphans, case .write = question, random.chance(5) {
                return crash(jobs[index].agent)
            }
            let answer = try serve(question, index)
            if random.chance(weather.losses) { return lose(index, "was served, but the answer is lost") }
            jobs[index].mail = .answer(heard(answer, to: question, by: jobs[index]))
        case .answer(let answer):
            try follow(index, jobs[index].process.resume(answer))
        }
    }

    /// Whoever waits together goes out together.
    private mutating func begin(_ index: Int) throws(Violation) {
        let riders = jobs[index].riders
        let now = clock(of: jobs[index].agent)
        if riders.count > 1 { tally.batched += riders.count }
        if let flawed = FlawedRelease(flaw, riders[0], now: now) {
            jobs[index].process = flawed
        } else {
            let requests = riders.map { request(of: $0, now: now) }
            jobs[index].process = flaw == .membersBlind ? FlawedBatch(requests) : BatchProcess(requests)
        }
        try follow(index, jobs[index].process.begin())
    }

    private func request(of rider: Rider, now: Timestamp) -> BatchRequest {
        switch rider.errand {
        case .add(let request): .claim(ClaimProcess(request, policy: policy))
        case .delete: .release(ReleaseProcess(rider.attachment, network: "rack", now: now, policy: policy))
        case .reclaim(let claim):
            .change(
                AddressProcess(.reclaim(claim), of: claim.address, now: now, policy: policy))
        case .quarantine(let address): .change(AddressProcess(.quarantine, of: address, now: now, policy: policy))
        }
    }

    private mutating func lose(_ index: Int, _ text: String) {
        tally.lost += 1
        note("\(jobs[index].name) \(text)")
        jobs.remove(at: index)
    }

    private mutating func follow(
        _ index: Int, _ step: EngineStep<[Result<BatchOutcome, AllocationError>]>
    ) throws(Violation) {
        switch step {
        case .ask(let question):
            jobs[index].mail = .question(question)
            // The write that those who gave up had to wait for has failed.
            for rider in jobs[index].riders.indices where jobs[index].riders[rider].isHeld && !jobs[index].isWriting {
                jobs[index].riders[rider].isHeld = false
                jobs[index].riders[rider].isDead = true
            }
        case .done(let results):
            let job = jobs.remove(at: index)
            for (rider, result) in zip(job.riders, results) where !rider.isAbandoned {
                switch (result, rider.errand) {
                case (.success(let outcome), .add): try tell(rider, outcome.claims)
                case (.success, .delete): try confirm(rider)
                case (.success, _): break
                case (.failure(let error), _): try refuse(rider, error)
                }
            }
        }
    }

    // MARK: The store

    private mutating func serve(_ question: StoreQuestion, _ index: Int) throws(Violation) -> StoreAnswer {
        if case .write(let blocks) = question { return try write(blocks, index) }
        let agent = jobs[index].agent
        let view = view(of: agent)
        let answer = SimulatedStore.answer(question, from: view)
        switch (question, answer) {
        case (.owned(let searches), .blocks(let blocks)):
            jobs[index].look(for: searches)
            see(blocks, agent)
        case (.vacancies(let candidate, let freshness, _, _), .blocks(let blocks)):
            let room = Rider.Room(pool: candidate.pool, freshness: freshness, isThere: !blocks.isEmpty)
            if let present = jobs[index].process.present { jobs[index].riders[present].rooms.append(room) }
        case (.usage(let candidates, let now), .usage(let counted)):
            try check(counted, candidates, now, view)
        default:
            break
        }
        return answer
    }

    /// What an agent is answered from: for every block any state since the agent's own last write of it.
    private mutating func view(of agent: Int) -> [StoredBlock] {
        guard random.chance(weather.staleReads) else { return store.blocks }
        var view: [StoredBlock] = []
        for (record, seen) in zip(store.records, agents[agent].seen) {
            let first = record.versions.firstIndex { $0.version >= seen } ?? record.versions.count - 1
            view.append(record.versions[first + random.draw(record.versions.count - first)])
        }
        return view
    }

    /// What an agent has seen of its own workloads stays seen, also a write from before its crash.
    private mutating func see(_ blocks: [StoredBlock], _ agent: Int) {
        guard flaw != .ownWritesUnseen else { return }
        for stored in blocks {
            guard let place = store.index(of: stored.block.key) else { continue }
            agents[agent].seen[place] = max(agents[agent].seen[place], stored.version)
        }
    }

    private mutating func write(_ blocks: [StoredBlock], _ index: Int) throws(Violation) -> StoreAnswer {
        guard flaw == .versionsIgnored || store.accepts(blocks) else {
            tally.conflicts += 1
            note("\(jobs[index].name) meets a conflict")
            return .conflict
        }
        if flaw == .writesForgotten, random.chance(10) { return .written }
        let writes = flawed(flaw == .writesCut ? Array(blocks.prefix(1)) : blocks, jobs[index])
        jobs[index] = try apply(writes, for: jobs[index])
        if flaw != .ownWritesUnseen {
            let agent = jobs[index].agent
            for block in blocks {
                guard let place = store.index(of: block.block.key) else { continue }
                agents[agent].seen[place] = store.records[place].current.version
            }
        }
        return .written
    }

    /// Makes a write true, then looks whether it was right.
    ///
    /// - Returns: the job, which knows now whose changes were written.
    mutating func apply(_ writes: [StoredBlock], for job: Job) throws(Violation) -> Job {
        var job = job
        for write in writes {
            guard let index = store.index(of: write.block.key) else {
                throw broken("\(job.name) writes \(write.block.key), in which no pool has an address")
            }
            let before = store.records[index].current.block
            store.put(write.block)
            note("\(job.name) writes \(write.block.summary), version \(store.records[index].current.version)")
            try check(before, write.block, &job)
        }
        try checkPicked(job)
        job.picked = []
        try checkWorkloads()
        return job
    }
}
