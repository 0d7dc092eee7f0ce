import IPAMCore
import IPAMEngine

/// Messages between the agents' processes and the store.
extension Simulation {
    /// Takes one message of a request one stop further.
    mutating func advance(_ index: Int) throws(Violation) {
        switch jobs[index].mail {
        case .question(let question):
            if random.chance(weather.losses) { return lose(index, "is lost on the way to the store") }
            if weather.leavesOrphans, case .write = question, random.chance(5) {
                return crash(workloads[jobs[index].workload].agent)
            }
            let answer = try serve(question, index)
            if random.chance(weather.losses) { return lose(index, "was served, but the answer is lost") }
            jobs[index].mail = .answer(heard(answer, to: question, by: jobs[index]))
        case .answer(let answer):
            try resume(index, answer)
        }
    }

    private mutating func lose(_ index: Int, _ text: String) {
        tally.lost += 1
        note("#\(jobs[index].number) \(text)")
        jobs.remove(at: index)
    }

    private mutating func resume(_ index: Int, _ answer: StoreAnswer) throws(Violation) {
        let step: EngineStep<[Claim]>
        do throws(AllocationError) {
            step = try jobs[index].process.resume(answer)
        } catch {
            return try refuse(jobs.remove(at: index), error)
        }
        switch step {
        case .ask(let question):
            jobs[index].mail = .question(question)
        case .done(let claims):
            let job = jobs.remove(at: index)
            guard !job.isAbandoned else { return }
            if job.request == nil { try confirm(job) } else { try tell(job, claims) }
        }
    }

    // MARK: The store

    private mutating func serve(_ question: StoreQuestion, _ index: Int) throws(Violation) -> StoreAnswer {
        if case .write(let blocks) = question { return try write(blocks, index) }
        let view = view(of: workloads[jobs[index].workload].agent)
        let answer = SimulatedStore.answer(question, from: view)
        switch (question, answer) {
        case (.ownedBy, .blocks(let blocks)):
            jobs[index].rooms = []
            see(blocks, workloads[jobs[index].workload].agent)
        case (.attachedTo, .blocks(let blocks)):
            see(blocks, workloads[jobs[index].workload].agent)
        case (.vacancies(let candidate, let freshness, _), .blocks(let blocks)):
            jobs[index].rooms.append(
                Job.Room(pool: candidate.pool, freshness: freshness, isThere: !blocks.isEmpty))
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
            note("#\(jobs[index].number) meets a conflict")
            return .conflict
        }
        jobs[index].hasWritten = true
        if flaw == .writesForgotten, random.chance(10) { return .written }
        try apply(flaw == .writesCut ? Array(blocks.prefix(1)) : blocks, for: jobs[index])
        if flaw != .ownWritesUnseen {
            let agent = workloads[jobs[index].workload].agent
            for block in blocks {
                guard let place = store.index(of: block.block.key) else { continue }
                agents[agent].seen[place] = store.records[place].current.version
            }
        }
        return .written
    }

    /// Makes a write true, then looks whether it was right.
    mutating func apply(_ writes: [StoredBlock], for job: Job) throws(Violation) {
        for write in writes {
            guard let index = store.index(of: write.block.key) else {
                throw broken("#\(job.number) writes \(write.block.key), in which no pool has an address")
            }
            let before = store.records[index].current.block
            store.put(write.block)
            note("#\(job.number) writes \(write.block.summary), version \(store.records[index].current.version)")
            try check(before, write.block, job)
        }
        try checkWorkloads()
    }
}

extension Block {
    /// The owners and rests in one line.
    var summary: String {
        let claims = claims.map { "\($0.address)=\($0.containerID)/\($0.interface)" }
        let rests = rests.map { "\($0.address) \($0.reason)" }
        return "\(key) [\((claims + rests).joined(separator: ", "))]"
    }
}
