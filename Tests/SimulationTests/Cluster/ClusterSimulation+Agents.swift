import ClusterBlocks
import IPAMCore
import IPAMEngine

/// Calls, watches, crashes, restores.
extension ClusterSimulation {
    /// Lets an agent do one thing.
    mutating func advance(_ index: Int) throws(Violation) {
        if agents[index].listing != nil || (agents[index].position == nil && random.chance(60)) { return list(index) }
        if random.chance(agents[index].position == nil ? 0 : 100 - staleness) { watch(index) }
        if agents[index].isRepairing, case .idle = agents[index].state { try repair(index) }
        switch agents[index].state {
        case .idle:
            if let words = agents[index].begin(now) { throw broken("agent \(index): \(words)") }
        case .waiting:
            guard agents[index].blocks.isComplete else { break }
            try follow(index, agents[index].blocks.resume([], at: now))
        case .calling(let calls, var results):
            if let next = pick(results) {
                results[next] = try perform(calls[next], index)
                // The calls of a write go out together, so they may all be on their way when the agent dies.
                agents[index].state = .calling(calls, results)
            }
            let done = results.compactMap(\.self)
            if done.count == calls.count { try follow(index, agents[index].blocks.resume(done, at: now)) }
        }
        try takeAnswers(index)
    }

    private mutating func pick(_ results: [BlockCallResult?]) -> Int? {
        let open = results.indices.filter { results[$0] == nil }
        return open.isEmpty ? nil : open[random.draw(open.count)]
    }

    private mutating func follow(_ index: Int, _ step: ClusterStep) throws(Violation) {
        if let words = agents[index].follow(step, now) { throw broken("agent \(index): \(words)") }
    }

    private mutating func list(_ index: Int) {
        guard let mark = agents[index].listing else {
            agents[index].listing = agents[index].blocks.mark
            return
        }
        agents[index].listing = nil
        let objects = server.objects(of: agents[index].blocks.label)
        let before = agents[index].blocks.restorations
        agents[index].blocks.relisted(objects, resourceVersion: server.version, since: mark)
        if agents[index].blocks.restorations != before { note("agent \(index) sees that the server was restored") }
        agents[index].position = server.version
        // What is in blocks of others is in no list, and may be gone with a restore.
        agents[index].blocks.learn(Array(agents[index].guestKeys))
        agents[index].isRepairing = true
    }

    private mutating func watch(_ index: Int) {
        guard let position = agents[index].position,
            let next = server.event(for: agents[index].blocks.label, after: position)
        else { return }
        agents[index].position = next.version
        agents[index].blocks.take(next.event)
    }

    // MARK: Calls

    private mutating func perform(_ call: BlockCall, _ index: Int) throws(Violation) -> BlockCallResult {
        let isWrite: Bool
        switch call {
        case .create, .update, .delete: isWrite = true
        case .read, .survey: isWrite = false
        }
        if random.chance(losses) {
            tally.unknown += 1
            switch random.draw(isWrite ? 3 : 1) {
            case 0: note("agent \(index): \(call.summary) is lost")
            case 1:
                note("agent \(index): \(call.summary) may come later")
                orphans.append((call, index))
            default:
                note("agent \(index): \(call.summary) is done, the answer is lost")
                _ = try apply(call, index)
            }
            if flaw == .silenceIsSuccess, isWrite { return .written(uid: "?", resourceVersion: server.version) }
            return .unknown
        }
        return try apply(call, index)
    }

    /// Makes a call true, and looks whether it was right.
    mutating func apply(_ call: BlockCall, _ index: Int) throws(Violation) -> BlockCallResult {
        var call = call
        if flaw == .staleRefusal, case .survey(let area, true) = call { call = .survey(area, isConsistent: false) }
        let before = call.key.flatMap { server.objects[$0] }
        if flaw == .piecesKept, case .update(let object, let write) = call, before?.write == write,
            isGivingBack(before?.block, object.block, index)
        {
            return .written(uid: object.uid, resourceVersion: server.version)
        }
        let lag = random.chance(staleness) ? random.draw(20) : 0
        let result = server.perform(call, lag: lag)
        note("agent \(index): \(call.summary) → \(result.summary)")
        if case .conflict = result { tally.conflicts += 1 }
        guard let key = call.key else {
            if flaw == .staleRefusal, case .summaries(let list, _) = result {
                return .summaries(list, resourceVersion: server.version)
            }
            return result
        }
        if case .read = call { return result }
        try check(before?.block ?? Block(key), server.objects[key]?.block ?? Block(key))
        if flaw == .ownWritesForgotten, case .written(let uid, _) = result {
            return .written(uid: uid, resourceVersion: 0)
        }
        return result
    }

    /// Whether a write takes away what an ADD under way had written.
    private func isGivingBack(_ old: Block?, _ new: Block, _ agent: Int) -> Bool {
        guard let old else { return false }
        let adds = agents[agent].tickets.values.filter { riders[$0].errand == .add }.map {
            workloads[riders[$0].workload].attachment(riders[$0].generation)
        }
        let gone = old.claims.filter { new.claim(on: $0.address) == nil }
        return !gone.isEmpty && gone.allSatisfy { adds.contains($0.attachment) }
            && new.claims.allSatisfy { old.claim(on: $0.address) == $0 }
    }

    /// A write arrives that nobody waits for.
    mutating func land() throws(Violation) {
        guard !orphans.isEmpty else { return }
        let orphan = orphans.remove(at: random.draw(orphans.count))
        guard random.chance(70) else { return }
        let result = server.perform(orphan.call)
        guard case .written = result else { return }
        tally.landed += 1
        note("\(orphan.call.summary) lands late")
        for claim in orphan.call.claims { taint(claim) }
        guard let key = orphan.call.key, let block = server.objects[key]?.block else { return }
        noteFree(block)
        try checkWorkloads()
    }

    /// Its agent may not know of this claim.
    func isTainted(_ claim: Claim) -> Bool { workloads.contains { $0.name == claim.owner.name && $0.isTainted } }

    mutating func taint(_ claim: Claim) {
        for index in workloads.indices where workloads[index].name == claim.owner.name {
            workloads[index].isTainted = true
        }
    }

    // MARK: Accidents

    mutating func crash(_ index: Int) {
        tally.crashes += 1
        note("agent \(index) crashes")
        if case .calling(let calls, let results) = agents[index].state {
            for (call, result) in zip(calls, results) where result == nil {
                switch call {
                case .create, .update: if random.chance(40) { orphans.append((call, index)) }
                default: break
                }
            }
        }
        let old = agents[index]
        for rider in old.tickets.values { workloads[riders[rider].workload].isTorn = true }
        agents[index] = ClusterAgent(node: old.node, seed: tokenSeed())
        (agents[index].clockOffset, agents[index].ledger) = (old.clockOffset, old.ledger)
        guard flaw != .guestsForgotten else { return }
        agents[index].guestKeys = old.guestKeys
        agents[index].blocks.learn(Array(old.guestKeys))
    }

    mutating func restoreOrSave() {
        guard random.chance(50) else {
            note("a backup is made")
            return server.makeBackup()
        }
        tally.restores += 1
        note("the backup is restored")
        server.restore()
        for index in workloads.indices {
            (workloads[index].isSettled, workloads[index].isTorn) = (false, true)
            if !agents.allSatisfy({ if case .idle = $0.state { true } else { false } }) {
                workloads[index].isTainted = true
            }
        }
        for index in agents.indices where flaw != .restoreUnnoticed { agents[index].position = nil }
        for address in freeSince.keys { freeSince[address] = stepCount }
        for block in server.blocks { noteFree(block.block) }
    }

    mutating func giveBack(_ index: Int) throws(Violation) {
        guard case .idle = agents[index].state, agents[index].blocks.isComplete else { return }
        for call in agents[index].blocks.blocksToGiveBack(now: clock(of: index)) {
            let before = call.key.flatMap { server.objects[$0]?.block }
            let result = server.perform(call)
            note("agent \(index): \(call.summary) → \(result.summary)")
            agents[index].blocks.gaveBack(call, result)
            tally.givenBack += 1
            if let before, case .deleted = result { try check(before, Block(before.key)) }
        }
    }

    // MARK: Repair

    /// Compares the ledger of an agent with the blocks.
    private mutating func repair(_ index: Int) throws(Violation) {
        agents[index].isRepairing = false
        guard flaw != .repairSkipped else { return }
        var uses: [LiveUse] = []
        for (workload, entry) in agents[index].ledger.sorted(by: { $0.key < $1.key }) {
            let present = workloads[workload]
            guard present.phase == .running, present.agent == index, present.generation == entry.generation,
                !isBusy(workload, entry.generation)
            else { continue }
            uses.append(LiveUse(entry.claims))
        }
        let keys = Set(uses.flatMap(\.keys))
        // Read as they are; in the agent this is one more round of calls.
        let repair = Repair(uses, in: keys.compactMap { server.objects[$0]?.block }, now: clock(of: index))
        for conflict in repair.conflicts {
            guard let place = workloads.firstIndex(where: { $0.name == conflict.used.owner.name }) else { continue }
            tally.reported += 1
            note("agent \(index) reports \(conflict.used.address) of \(conflict.used.containerID)")
            workloads[place].isReported = true
        }
        for request in repair.requests {
            guard let place = workloads.firstIndex(where: { $0.name == request.owner.name }) else { continue }
            submit(
                .claim(ClaimProcess(request)), .repair, place, workloads[place].generation, index, [],
                hints: request.demands.compactMap(\.wanted))
        }
        for use in uses where !repair.requests.contains(where: { $0.identity == use.claims[0].identity }) {
            guard let place = workloads.firstIndex(where: { $0.name == use.claims[0].owner.name }) else { continue }
            workloads[place].isSettled = !workloads[place].isReported
        }
    }
}

extension BlockCall {
    var key: BlockKey? {
        switch self {
        case .read(let key), .delete(let key, _, _): key
        case .create(let object), .update(let object, _): object.block.key
        case .survey: nil
        }
    }

    var claims: [Claim] {
        switch self {
        case .create(let object), .update(let object, _): object.block.claims
        default: []
        }
    }

    var summary: String {
        switch self {
        case .read(let key): "read \(key)"
        case .survey(let area, let isConsistent): "survey \(area.label)\(isConsistent ? " now" : "")"
        case .create(let object): "create \(object.block.summary) \(object.write)"
        case .update(let object, let write): "update \(object.block.summary) \(object.write) if \(write)"
        case .delete(let key, _, let version): "delete \(key) \(version)"
        }
    }
}

extension BlockCallResult {
    var summary: String {
        switch self {
        case .found(let object): "found \(object.block.summary) \(object.write) at \(object.resourceVersion)"
        case .absent: "absent"
        case .unreadable: "unreadable"
        case .summaries(let list, let version): "\(list.count) blocks at \(version)"
        case .written(_, let version): "written at \(version)"
        case .deleted: "deleted"
        case .conflict: "conflict"
        case .unknown: "unknown"
        }
    }
}
