public import IPAMCore

/// What is to be found out on a container's link about the addresses that it is about to get.
public struct WireQuestion: Sendable, Hashable {
    /// One address, and what to ask about it.
    public struct Target: Sendable, Hashable {
        /// The address.
        public var address: IPAddress
        /// Whether to ask if somebody else uses it.
        public var findsConflict: Bool
        /// The gateway that has to answer; `nil` when none has to.
        public var gateway: IPAddress?
    }

    /// The network namespace.
    public var namespacePath: String
    /// The link in it.
    public var interface: InterfaceName
    /// What to ask, never nothing.
    public var targets: [Target]
    /// When to give up.
    public var deadline: MonotonicInstant
}
