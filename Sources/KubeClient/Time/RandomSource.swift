/// Where random numbers come from; tests pass a seeded one. Not for secrets.
public struct RandomSource: Sendable {
    private let draw: @Sendable () -> UInt64

    /// Makes a source from a function that returns 64 random bits.
    public init(next: @escaping @Sendable () -> UInt64) { draw = next }

    /// The machine's random numbers.
    public static let system = RandomSource { UInt64.random(in: .min ... .max) }

    /// The next 64 random bits.
    public func next() -> UInt64 { draw() }

    /// A random part of a time, from none of it to all of it.
    public func part(of duration: Duration) -> Duration { duration * (Double(next() >> 11) / Double(1 << 53)) }
}
