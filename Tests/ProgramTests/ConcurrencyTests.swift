import Glibc
import JSONTree
import Testing

@Suite struct ConcurrencyTests {
    static let pool = """
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: a}
        spec: {subnet: 10.6.0.0/16, ips: [10.6.0.50-10.6.0.81]}
        """

    @Test func thirtyTwoAtOnceOnThirtyTwoAddresses() throws {
        let host = try Host(Self.pool)
        let running = try (0..<32).map { try host.start("ADD", host.configuration(), container: "c\($0)") }
        let outcomes = running.map { $0.wait() }
        #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.first { $0.status != 0 }?.refusal ?? "")")
        let addresses = outcomes.compactMap { $0.document?["ips"]?.arrayValue?.first?["address"]?.stringValue }
        #expect(Set(addresses).count == 32)
        #expect(try host.claims().count == 32)
        #expect(try host.run("ADD", container: "late").refusal.contains("32 usable addresses: 32 claimed"))
    }

    /// Processes are killed at any moment; whoever was told an address keeps it, and nobody else has it.
    @Test(arguments: [UInt64(1), 2]) func killedProcessesLeaveNothingWrong(seed: UInt64) throws {
        let host = try Host(Self.pool)
        var random = SeededGenerator(seed: seed)
        var told: [String: String] = [:]
        for round in 0..<12 {
            var running: [(container: String, isAdd: Bool, program: RunningProgram)] = []
            for _ in 0..<4 {
                let container = "c\(Int.random(in: 0..<24, using: &random))"
                guard !running.contains(where: { $0.container == container }) else { continue }
                let isAdd = told[container] == nil || Bool.random(using: &random)
                running.append(
                    (
                        container, isAdd,
                        try host.start(isAdd ? "ADD" : "DEL", host.configuration(), container: container)
                    ))
            }
            for entry in running where Int.random(in: 0..<3, using: &random) == 0 {
                for _ in 0..<Int.random(in: 0..<20_000, using: &random) { sched_yield() }
                kill(entry.program.process, SIGKILL)
            }
            for entry in running {
                let outcome = entry.program.wait()
                if !entry.isAdd {
                    told[entry.container] = nil
                } else if outcome.status == 0 {
                    let address = outcome.document?["ips"]?.arrayValue?.first?["address"]?.stringValue
                    if let before = told[entry.container] { #expect(address == before, "seed \(seed) round \(round)") }
                    told[entry.container] = address
                }
            }
            #expect(Set(told.values).count == told.count, "seed \(seed) round \(round)")
        }
        for (container, address) in told {
            #expect(try host.add(container: container) == [address], "seed \(seed)")
        }
        for number in 0..<24 { #expect(try host.run("DEL", container: "c\(number)").status == 0) }
        #expect(try host.claims() == [])
    }
}

/// SplitMix64: small, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
