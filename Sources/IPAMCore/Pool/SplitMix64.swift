/// A small deterministic random generator: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
///
/// For choices that must be repeatable from a seed, in pools and in tests. Not for secrets.
///
/// ```swift
/// var generator = SplitMix64(seed: 1234567)
/// generator.next()  // 6457827717110365317
/// ```
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    /// Starts the sequence that belongs to a seed; every seed is as good as any other.
    public init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// A number from 0 through `last`, each as likely as any other.
    ///
    /// Draws as many bits as `last` has and draws again when they are too large, fewer than two times on average. The
    /// standard library's choice in a range may change between versions; this one does not.
    public mutating func next(through last: UInt128) -> UInt128 {
        let excess = UInt128(last.leadingZeroBitCount)
        while true {
            var bits = UInt128(next())
            if last > UInt128(UInt64.max) { bits = bits << 64 | UInt128(next()) }
            let candidate = bits & (excess == 128 ? 0 : UInt128.max >> excess)
            if candidate <= last { return candidate }
        }
    }
}
