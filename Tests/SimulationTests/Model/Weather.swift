import IPAMCore

/// How hard the times of one schedule are.
struct Weather {
    /// Percent of the reads that are answered from the past.
    var staleReads = 0
    /// Percent of the messages that are lost.
    var losses = 0
    /// How many of 1,000 steps kill an agent.
    var crashes = 0
    /// Whether a write can land after its agent died.
    var leavesOrphans = false
    /// Whether backups are restored.
    var restores = false
    /// Whether pools and reservations change, and addresses are quarantined.
    var edits = false
    /// Whether clocks jump.
    var clockJumps = false

    init(_ random: inout SplitMix64) {
        staleReads = [0, 20, 50][random.draw(3)]
        losses = [0, 2, 10][random.draw(3)]
        crashes = [0, 10, 40][random.draw(3)]
        leavesOrphans = random.chance(25)
        restores = random.chance(25)
        edits = random.chance(60)
        clockJumps = random.chance(50)
    }
}
