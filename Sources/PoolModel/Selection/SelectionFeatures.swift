public import IPAMCore

/// What an installation has switched on that matters for the choice of pools.
public struct SelectionFeatures: Sendable, Hashable {
    /// The families that are given out, in the order in which they are answered; lists of others are not looked at.
    public var families: [AddressFamily]
    /// Whether there are subnets; without them their annotations are ignored.
    public var hasSubnets: Bool
    /// Whether applications may have automatic pools; without them, annotations with subnets are refused.
    public var hasAutomaticPools: Bool

    /// Makes a description; by default both families and no subnets.
    public init(
        families: [AddressFamily] = AddressFamily.allCases, hasSubnets: Bool = false, hasAutomaticPools: Bool = false
    ) {
        self.families = families
        self.hasSubnets = hasSubnets
        self.hasAutomaticPools = hasAutomaticPools
    }
}
