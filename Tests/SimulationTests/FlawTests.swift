import Testing

/// Mistakes made on purpose, one at a time: whatever a promise rests on is really needed, and its loss is seen.
@Suite struct FlawTests {
    /// How many schedules may pass before a mistake is found.
    static let patience: UInt64 = 5_000

    @Test(arguments: Flaw.allCases) func everyFlawIsFound(flaw: Flaw) {
        var found: (seed: UInt64, violation: Violation)?
        for seed in 1...Self.patience where found == nil {
            var simulation = Simulation(seed: seed, steps: 150, flaw: flaw)
            do throws(Violation) { try simulation.run() } catch { found = (seed, error) }
        }
        #expect(found != nil, "\(flaw) passes \(Self.patience) schedules")
        if let found, Settings.isLong { print("\(flaw): schedule \(found.seed): \(found.violation)") }
    }

    @Test func aSeedTellsTheSameStoryTwice() {
        for seed in UInt64(1)...20 {
            let stories = [Story(), Story()]
            for (story, isThorough) in zip(stories, [false, true]) {
                var simulation = Simulation(seed: seed, steps: 150, isThorough: isThorough, story: story)
                try? simulation.run()
            }
            #expect(stories[0].lines == stories[1].lines, "seed \(seed)")
        }
    }
}
