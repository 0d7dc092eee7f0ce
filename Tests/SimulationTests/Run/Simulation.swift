import IPAMCore
import IPAMEngine

/// One schedule: agents, runtimes, an administrator and bad luck, interleaved by a seed around the real engine.
///
/// What the engine may rely on, and what a ``Flaw`` takes away:
///
/// 1. A write is conditional, all or nothing, and a version never comes twice, not even after a restore.
/// 2. An agent sees its own writes, and what it has seen of its own workloads stays seen; what others wrote may reach it
///    late and in any order.
/// 3. Requests for one sandbox follow each other, and one that nobody waits for any more is not continued; in a batch
///    it is left out, unless the write is under way: then the next request waits for it.
///
/// After a restore nothing protects a running workload whose claim is younger than the backup, until it is added again.
struct Simulation {
    /// What happened in a number of schedules.
    struct Tally {
        var schedules = 0
        var steps = 0
        var told = 0
        var refused = 0
        var released = 0
        var retained = 0
        var reclaimed = 0
        var withdrawn = 0
        var batched = 0
        var lateReleases = 0
        var conflicts = 0
        var lost = 0
        var crashes = 0
        var orphansLanded = 0
        var restores = 0
        /// Addresses told while a workload that nothing protected since a restore still used them.
        var sharedAfterRestore = 0
    }

    let flaw: Flaw?
    let steps: Int
    /// Whether every written block is encoded and decoded, instead of one of sixteen.
    let isThorough: Bool
    let policy = ReusePolicy()

    var random: SplitMix64
    var weather: Weather
    var store: SimulatedStore
    var configuration: Configuration
    var agents: [Agent]
    var workloads: [Workload] = []
    var jobs: [Job] = []
    var orphans: [OrphanedWrite] = []
    var time: Int64 = 1_800_000_000_000
    var jobCount = 0
    var tally = Tally()
    /// Is told what happens, when somebody wants to read it.
    let story: Story?

    init(seed: UInt64, steps: Int, flaw: Flaw? = nil, isThorough: Bool = false, story: Story? = nil) {
        self.flaw = flaw
        self.steps = steps
        self.isThorough = isThorough
        self.story = story
        random = SplitMix64(seed: seed)
        weather = Weather(&random)
        if flaw == .versionsReturnAfterRestore { weather.restores = true }
        let configuration = Configuration(overlapping: random.chance(40), &random)
        self.configuration = configuration
        store = SimulatedStore(configuration.keys)
        let unseen = configuration.keys.map { _ in UInt64(0) }
        agents = (0..<2 + random.draw(2)).map { _ in Agent(configuration: configuration, seen: unseen) }
        for index in 0..<3 + random.draw(5) { addWorkload(index) }
    }

    /// A workload of one or two interfaces.
    private mutating func addWorkload(_ index: Int) {
        let choices: [[(AddressFamily, [Int])]] = [
            [(.ipv4, [0])], [(.ipv4, [0, 1])], [(.ipv4, [1])], [(.ipv4, [1, 0])],
            [(.ipv4, [0]), (.ipv6, [2])], [(.ipv6, [2]), (.ipv4, [0, 1])], [(.ipv6, [2])],
        ]
        let agent = random.draw(agents.count)
        let isPlain = random.chance(20)
        let isFixed = !isPlain && random.chance(35)
        for interface in random.chance(30) ? ["eth0", "net1"] : ["eth0"] {
            let demands = choices[random.draw(choices.count)].map { (family: $0.0, pools: $0.1) }
            var workload = Workload(
                name: "web-\(index)", interface: interface, agent: agent, isPlain: isPlain, demands: demands)
            workload.isFixed = isFixed
            if demands.count > 1 { workload.policy = [.all, .any, .first][random.draw(3)] }
            if random.chance(20) {
                let universe = configuration.pools[demands[0].pools[0]].universe
                workload.wanted = universe[random.draw(universe.count)]
            }
            workloads.append(workload)
        }
    }

    /// Runs the whole schedule: so many steps of bad weather, then calm.
    mutating func run() throws(Violation) {
        for _ in 0..<steps {
            time += 1 + Int64(random.chance(20) ? random.draw(20_000) : random.draw(50))
            if !jobs.isEmpty, random.chance(72) {
                try advance(random.draw(jobs.count))
            } else {
                try disturb()
            }
            tally.steps += 1
        }
        try comeToRest()
        tally.schedules += 1
    }

    func note(_ text: @autoclosure () -> String) { story?.lines.append(text()) }

    /// The time on an agent's clock.
    func clock(of agent: Int) -> Timestamp { Timestamp(milliseconds: time + agents[agent].clockOffset) }

    /// Whether a request for a sandbox may still change something.
    func hasJob(_ workload: Int, _ generation: Int) -> Bool {
        jobs.contains { job in
            job.riders.contains {
                $0.workload == workload && $0.generation == generation && (!$0.isAbandoned || $0.isHeld)
            }
        }
    }
}

extension Simulation.Tally {
    static func += (left: inout Self, right: Self) {
        left.schedules += right.schedules
        left.steps += right.steps
        left.told += right.told
        left.refused += right.refused
        left.released += right.released
        left.retained += right.retained
        left.reclaimed += right.reclaimed
        left.withdrawn += right.withdrawn
        left.batched += right.batched
        left.lateReleases += right.lateReleases
        left.conflicts += right.conflicts
        left.lost += right.lost
        left.crashes += right.crashes
        left.orphansLanded += right.orphansLanded
        left.restores += right.restores
        left.sharedAfterRestore += right.sharedAfterRestore
    }
}
