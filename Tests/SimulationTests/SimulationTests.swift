import Testing

/// The engine in as many schedules as there is time for; see ``Simulation`` for what is promised.
@Suite struct SimulationTests {
    /// So many parts run at the same time.
    static let parts = 2

    @Test(arguments: 0..<parts) func everyPromiseHolds(part: Int) throws {
        var tally = Simulation.Tally()
        for number in stride(from: part, to: Settings.schedules, by: Self.parts) {
            let seed = Settings.seed &+ UInt64(number)
            var simulation = Simulation(seed: seed, steps: Settings.steps, isThorough: Settings.isLong)
            do throws(Violation) {
                try simulation.run()
            } catch {
                Issue.record("\(error)\n\(Replay.text(seed: seed, steps: Settings.steps))")
                return
            }
            tally += simulation.tally
        }
        if Settings.isLong { print("Every \(Self.parts)nd seed from \(Settings.seed &+ UInt64(part)): \(tally)") }
    }
}

/// The story of a schedule that failed.
enum Replay {
    static func text(seed: UInt64, steps: Int, flaw: Flaw? = nil) -> String {
        let story = Story()
        var simulation = Simulation(seed: seed, steps: steps, flaw: flaw, isThorough: Settings.isLong, story: story)
        var end = "it did not fail again"
        do throws(Violation) {
            try simulation.run()
        } catch {
            end = "\(error)"
        }
        let lines = (story.lines.suffix(80) + [end]).joined(separator: "\n  ")
        return "Replay: SIMULATION_SEED=\(seed) SIMULATION_SCHEDULES=1 SIMULATION_STEPS=\(steps)\n  \(lines)"
    }
}
