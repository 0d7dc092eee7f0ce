/// How a client behaves; the defaults serve an agent.
public struct KubeClientOptions: Sendable {
    /// What the server's log calls us.
    public var userAgent = "spiderpool"
    /// How long a request may take when its caller says nothing.
    public var requestTimeout = Duration.seconds(30)
    /// How many requests may be on their way at once, each on a connection of its own; watches do not count.
    public var maximumConnections = 16
    /// How many connections beyond those in use are kept ready.
    public var spareConnections = 1
    /// The largest answer that is taken, in bytes: one page of a list.
    public var maximumBodyBytes = 64 << 20
    /// The largest event of a watch that is taken, in bytes.
    public var maximumEventBytes = 8 << 20
    /// How long one connection of a watch lasts at most; the server is asked to end it a little earlier. One that stays silent
    /// for 15 seconds longer is given up.
    public var watchTimeout = Duration.seconds(300)
    /// How many requests a second are sent at most; `nil` leaves the pace to the server (API priority and fairness).
    public var rateLimit: RateLimit?
    /// The clock.
    public var time = TimeSource.system
    /// The random numbers of pauses.
    public var random = RandomSource.system

    /// Makes options, each as it is said above.
    public init() {}
}
