import ClusterBlocks
import IPAMCore
import IPAMEngine

/// One schedule of agents around one API server, interleaved by a seed.
///
/// Real are the engine, its queue, and ``ClusterBlocks``. Bad luck: calls are lost, or done and the answer lost, or done
/// much later; lists and watches lag; agents crash at any call and keep only what is on their disks; the server goes back
/// to a backup; clocks differ; two agents have one node name; Pods come again under the same name or on another node,
/// and the DEL of the old one comes late or never before its node is back.
struct ClusterSimulation {
    struct Tally {
        var schedules = 0, told = 0, refused = 0, released = 0, crashes = 0, restores = 0, repaired = 0, reported = 0
        var unknown = 0, landed = 0, moved = 0, writes = 0, conflicts = 0, givenBack = 0, withdrawn = 0

        static func += (left: inout Self, right: Self) {
            left.schedules += right.schedules
            left.told += right.told
            left.refused += right.refused
            left.released += right.released
            left.crashes += right.crashes
            left.restores += right.restores
            left.repaired += right.repaired
            left.reported += right.reported
            left.unknown += right.unknown
            left.landed += right.landed
            left.moved += right.moved
            left.writes += right.writes
            left.conflicts += right.conflicts
            left.givenBack += right.givenBack
            left.withdrawn += right.withdrawn
        }
    }

    let flaw: ClusterFlaw?
    let steps: Int
    let story: Story?
    var random: SplitMix64
    var server = SimulatedServer()
    let configuration: Configuration
    var agents: [ClusterAgent] = []
    var workloads: [ClusterWorkload] = []
    var riders: [ClusterRider] = []
    /// Writes on their way whose sender does not wait for them any more.
    var orphans: [(call: BlockCall, agent: Int)] = []
    var time: Int64 = 1_800_000_000_000
    var stepCount = 0
    /// Since which step an address has been free without a break.
    var freeSince: [IPAddress: Int] = [:]
    var tally = Tally()

    // The weather.

    var losses: Int
    var crashes: Int
    var staleness: Int
    let hasRestores: Bool

    init(seed: UInt64, steps: Int, flaw: ClusterFlaw? = nil, story: Story? = nil) {
        self.flaw = flaw
        self.steps = steps
        self.story = story
        random = SplitMix64(seed: seed)
        losses = [0, 4, 15][random.draw(3)]
        crashes = [0, 5, 20][random.draw(3)]
        staleness = [0, 30, 70][random.draw(3)]
        hasRestores = random.chance(25) || flaw == .repairSkipped || flaw == .restoreUnnoticed
        configuration = Configuration(overlapping: random.chance(40), &random)
        server.ignoresTokens = flaw == .tokensIgnored
        server.deletesBlindly = flaw == .deletedBlindly
        let count = 2 + random.draw(3)
        let hasTwins = random.chance(20)
        for index in 0..<count {
            let long = index == 0 && random.chance(10) ? String(repeating: "n", count: 70) : ""
            agents.append(ClusterAgent(node: "node-\(hasTwins && index == 1 ? 0 : index)\(long)", seed: tokenSeed()))
        }
        for index in 0..<4 + random.draw(8) {
            let choices: [[(AddressFamily, [Int])]] = [
                [(.ipv4, [0])], [(.ipv4, [0, 1])], [(.ipv4, [1])], [(.ipv4, [0]), (.ipv6, [2])],
                [(.ipv6, [2]), (.ipv4, [0, 1])],
            ]
            workloads.append(
                ClusterWorkload(
                    name: "web-\(index)", isFixed: random.chance(30),
                    demands: choices[random.draw(choices.count)].map { (family: $0.0, pools: $0.1) },
                    agent: random.draw(count)))
        }
        for pool in configuration.pools { for address in pool.universe { freeSince[address] = 0 } }
    }

    mutating func tokenSeed() -> UInt64 { flaw == .tokensRepeat ? 1 : random.next() }

    func note(_ text: @autoclosure () -> String) { story?.lines.append(text()) }

    func broken(_ text: String) -> Violation { Violation(text: text) }

    var now: MonotonicInstant { MonotonicInstant(sinceBoot: .milliseconds(time)) }

    func clock(of agent: Int) -> Timestamp { Timestamp(milliseconds: time + agents[agent].clockOffset) }

    mutating func run() throws(Violation) {
        for _ in 0..<steps {
            stepCount += 1
            time += 1 + Int64(random.chance(10) ? random.draw(60_000) : random.draw(50))
            let dice = random.draw(1000)
            switch dice {
            case ..<crashes: crash(random.draw(agents.count))
            case 20..<40: try land()
            case 40..<50 where hasRestores: restoreOrSave()
            case 50..<60: agents[random.draw(agents.count)].clockOffset = Int64(random.draw(600_000)) - 300_000
            case 60..<75: agents[random.draw(agents.count)].position = nil
            case 75..<85: try giveBack(random.draw(agents.count))
            case 85..<95: quarantine()
            case 95..<110: deleteLate(random.draw(workloads.count))
            case 110..<125: withdraw(random.draw(agents.count))
            case 125..<300: decide(random.draw(workloads.count))
            default: try advance(random.draw(agents.count))
            }
        }
        try comeToRest()
        tally.schedules += 1
        tally.writes += server.writes
    }

    // MARK: Runtimes

    private mutating func decide(_ index: Int) {
        guard !isBusy(index, workloads[index].generation) else { return }
        switch workloads[index].phase {
        case .idle:
            if workloads[index].isFixed, random.chance(40) { move(index) }
            startSandbox(index)
        case .starting:
            if random.chance(60) { add(index) } else { end(index) }
        case .running:
            if random.chance(25) {
                add(index)
            } else if random.chance(50) {
                end(index)
            } else {
                // A new sandbox before the old one is torn down; of a StatefulSet perhaps elsewhere, its node is away.
                workloads[index].owed.append((workloads[index].generation, workloads[index].agent))
                if workloads[index].isFixed, random.chance(40) { move(index) }
                startSandbox(index)
            }
        }
    }

    func isBusy(_ workload: Int, _ generation: Int) -> Bool {
        agents.contains { agent in
            agent.tickets.values.contains {
                riders[$0].workload == workload && riders[$0].generation == generation
                    && riders[$0].errand != .quarantine
            }
        }
    }

    private mutating func move(_ index: Int) {
        workloads[index].agent = random.draw(agents.count)
        tally.moved += 1
        note("\(workloads[index].name) moves to agent \(workloads[index].agent)")
    }

    mutating func startSandbox(_ index: Int) {
        workloads[index].generation += 1
        workloads[index].told = []
        (workloads[index].isSettled, workloads[index].isReported) = (false, false)
        workloads[index].phase = .starting
        workloads[index].isTorn = false
        add(index)
    }

    mutating func end(_ index: Int) {
        workloads[index].owed.append((workloads[index].generation, workloads[index].agent))
        workloads[index].phase = .idle
        workloads[index].told = []
        delete(index, workloads[index].owed[workloads[index].owed.count - 1])
    }

    private mutating func deleteLate(_ index: Int) {
        guard let owed = workloads[index].owed.first else { return }
        delete(index, owed)
    }

    mutating func add(_ index: Int) {
        let workload = workloads[index]
        let agent = workload.agent
        let request = workload.request(configuration, node: agents[agent].node, now: clock(of: agent))
        // Claims of the identity as they are now must be told: nobody else may end them.
        var expected = workload.isTainted || !workload.isSettled ? [] : workload.told
        if workload.isFixed, !workload.isTainted {
            // What nobody was told, since an agent died over it, stays behind when the workload moves.
            expected = server.claims.filter { $0.identity == request.identity }.map(\.address)
                .filter(workload.endpoint.contains)
        }
        let hints = workload.isFixed && flaw != .hintsIgnored ? workload.endpoint : []
        submit(.claim(ClaimProcess(request)), .add, index, workload.generation, agent, expected, hints: hints)
    }

    mutating func delete(_ index: Int, _ owed: (generation: Int, agent: Int)) {
        guard !isBusy(index, owed.generation) else { return }
        let attachment = workloads[index].attachment(owed.generation)
        submit(
            .release(ReleaseProcess(attachment, now: clock(of: owed.agent))), .delete, index, owed.generation,
            owed.agent, [])
    }

    mutating func submit(
        _ request: BatchRequest, _ errand: ClusterRider.Errand, _ workload: Int, _ generation: Int, _ agent: Int,
        _ expected: [IPAddress], hints: [IPAddress] = []
    ) {
        let keys = hints.map { BlockKey(containing: $0) }
        agents[agent].blocks.pin(keys)
        guard let ticket = try? agents[agent].queue.submit(request) else { return }
        note("agent \(agent): \(errand) \(workloads[workload].container(generation)), expects \(expected)")
        agents[agent].tickets[ticket] = riders.count
        riders.append(
            ClusterRider(
                errand: errand, workload: workload, generation: generation, agent: agent, step: stepCount,
                restores: server.restores, expected: expected, hints: keys))
    }

    private mutating func quarantine() {
        let pool = configuration.pools[random.draw(configuration.pools.count)]
        let address = pool.universe[random.draw(pool.universe.count)]
        let agent = random.draw(agents.count)
        submit(
            .change(AddressProcess(.quarantine, of: address, now: clock(of: agent))), .quarantine, 0, 0, agent, [])
    }

    private mutating func withdraw(_ agent: Int) {
        let tickets = agents[agent].tickets.filter { riders[$0.value].errand == .add }.min { $0.value < $1.value }
        guard let ticket = tickets?.key else { return }
        tally.withdrawn += 1
        agents[agent].queue.withdraw(ticket)
    }
}
