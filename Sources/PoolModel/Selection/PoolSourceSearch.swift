internal import IPAMCore

/// Finds the most specific source that applies.
struct PoolSourceSearch {
    /// What the source says.
    struct Winner {
        let origin: PoolOrigin
        var mode = PoolPlan.Mode.single
        /// One for each interface; where the interface is `nil`, the one that asks is meant.
        let items: [InterfacePools]
        var automaticPool: AutomaticPoolDemand?
    }

    let instructions: PoolInstructions
    /// Who was looked at and does not apply.
    private(set) var passedOver: [PassedOverSource] = []
    /// Who is there and was not looked at yet.
    private var remaining: [PoolOrigin]

    init(_ instructions: PoolInstructions) {
        self.instructions = instructions
        remaining = PoolOrigin.allCases.filter { $0.isPresent(in: instructions) }
    }

    func outranked(by winner: PoolOrigin) -> [PassedOverSource] {
        remaining.map { PassedOverSource($0, .outranked(by: winner)) }
    }

    /// The first source that applies; the default pools always do.
    mutating func winner() throws(PoolSelectionError) -> Winner {
        while !remaining.isEmpty {
            let origin = remaining.removeFirst()
            switch origin {
            case .podSubnets, .podSubnet:
                if instructions.features.hasSubnets { return try automaticPool(origin) }
                passedOver.append(PassedOverSource(origin, .switchedOff))
            case .podPools:
                if let items = try instructions.pod.pools() { return try pools(items) }
            case .podPool:
                if let item = try instructions.pod.pool() { return Winner(origin: origin, items: [item]) }
            case .namespace:
                let names = try instructions.namespace.defaultPools()
                if !names.isEmpty { return Winner(origin: origin, items: [InterfacePools(names: names)]) }
                passedOver.append(PassedOverSource(origin, .empty))
            case .cniConfiguration:
                return Winner(origin: origin, items: [InterfacePools(names: instructions.configuredPools)])
            case .clusterDefault:
                break
            }
        }
        return Winner(origin: .clusterDefault, items: [InterfacePools(names: [:])])
    }

    private func pools(_ items: [InterfacePools]) throws(PoolSelectionError) -> Winner {
        if items.contains(where: { $0.interface != nil }) {
            return Winner(origin: .podPools, mode: .named, items: items)
        }
        let order = try InterfaceOrder(instructions.pod.interfacesInOrder())
        let interfaces = order.interfaces(served: instructions.servedInterfaces + [instructions.interface])
        let named = zip(items, interfaces).map { item, interface in
            InterfacePools(
                interface: interface, names: item.names, cleanGateway: item.cleanGateway, unknownKeys: item.unknownKeys)
        }
        return Winner(origin: .podPools, mode: .unnamed, items: named)
    }

    /// The item of the interface that asks. There is none for others, and waiting for a pool would be in vain.
    private func automaticPool(_ origin: PoolOrigin) throws(PoolSelectionError) -> Winner {
        guard instructions.features.hasAutomaticPools else { throw .automaticPoolsDisabled }
        let interface = instructions.interface
        guard let item = try instructions.pod.automaticPools()?.first(where: { $0.interface == interface }) else {
            let format: AnnotationFormat = origin == .podSubnets ? .subnets : .subnet
            throw format.refusal("no subnet is named for NIC \(interface)")
        }
        let enabled = item.subnets.filter { instructions.features.families.contains($0.key) }
        let demand = AutomaticPoolDemand(
            interface: interface, subnets: enabled, size: item.size, isReclaimed: item.isReclaimed)
        return Winner(origin: origin, items: [InterfacePools(names: [:])], automaticPool: demand)
    }
}

extension PoolOrigin {
    /// Whether the source says anything, even if only an empty list.
    fileprivate func isPresent(in instructions: PoolInstructions) -> Bool {
        switch self {
        case .podSubnets: instructions.pod.has(AnnotationKey.subnets)
        case .podSubnet: instructions.pod.has(AnnotationKey.subnet)
        case .podPools: instructions.pod.has(AnnotationKey.pools)
        case .podPool: instructions.pod.has(AnnotationKey.pool)
        case .namespace: instructions.namespace.hasDefaultPools
        case .cniConfiguration: instructions.configuredPools.contains { !$0.value.isEmpty }
        case .clusterDefault: false
        }
    }
}

extension PoolSelectionError {
    fileprivate static let automaticPoolsDisabled = PoolSelectionError(
        .wrongInput,
        ", it's invalid to use '\(AnnotationKey.subnets)' or '\(AnnotationKey.subnet)' annotation when Auto-Pool "
            + "feature is disabled; remove the annotation or switch automatic pools on")
}
