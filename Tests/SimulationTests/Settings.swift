import Glibc

/// What the environment asks for: `make simulate SEED= SCHEDULES= STEPS=` sets it.
enum Settings {
    /// The first seed; the others follow it. A failing one is printed, and replays alone with one schedule.
    static let seed = number("SIMULATION_SEED") ?? 1
    static let schedules = number("SIMULATION_SCHEDULES").map { Int(clamping: $0) } ?? 10_000
    static let steps = number("SIMULATION_STEPS").map { Int(clamping: $0) } ?? 80
    /// Whether the variables are set: then every write is checked, and numbers are printed.
    static let isLong = number("SIMULATION_SEED") != nil || number("SIMULATION_SCHEDULES") != nil

    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}
