extension AddressPool {
    /// How a pool chooses among its free addresses.
    public enum Picking: Sendable, Hashable {
        /// The lowest one. Released addresses are reused at once.
        case lowest

        /// The first one after the address claimed last, around the end to the start: a released address rests as long
        /// as possible.
        case nextFit

        /// The first one after a random member. Equal seeds and equal histories give equal choices, on every machine
        /// and in every version: the numbers come from ``SplitMix64``.
        ///
        /// A free address behind a long claimed stretch is a little likelier than others; in return a choice costs the
        /// same in a pool that is nearly full.
        case random(seed: UInt64)
    }

    /// What became of a request for one particular address.
    public enum ClaimOutcome: Sendable, Hashable {
        /// It is now claimed.
        case claimed
        /// It was claimed before.
        case alreadyClaimed
        /// The pool does not serve it: outside its ranges, or excluded.
        case notInPool
    }
}
