internal import IPAMCore
internal import IPAMEngine
internal import PoolModel

extension AgentSettings {
    /// What is switched on that matters for the choice of pools.
    var selection: SelectionFeatures {
        var families: [AddressFamily] = []
        if enablesIPv4 { families.append(.ipv4) }
        if enablesIPv6 { families.append(.ipv6) }
        return SelectionFeatures(
            families: families, hasSubnets: enablesSubnets, hasAutomaticPools: enablesSubnets && enablesAutomaticPools)
    }

    /// How long addresses are spared.
    var reuse: ReusePolicy { ReusePolicy() }
}
