import Glibc
import IPAMCore

/// Random numbers that repeat with their seed (SplitMix64).
struct CaseGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// A number from 0 up to, without, `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// True once in `count` times.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }
}

/// What a run takes from the environment, so that a failure can be repeated and a night can try more.
enum RunSetting {
    static func number(_ name: String, default fallback: Int) -> Int {
        guard let value = getenv(name) else { return fallback }
        return Int(String(cString: value)) ?? fallback
    }
}
