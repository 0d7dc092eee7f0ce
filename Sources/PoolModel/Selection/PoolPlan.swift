/// Who decides about the pools of a Pod's interfaces, and what that means for each of them: the step before
/// ``PoolSelection``, which looks at the pools themselves.
///
/// ```swift
/// var instructions = PoolInstructions(interface: "eth0", configuredPools: [.ipv4: ["rack-*"]])
/// instructions.pod = PodAnnotations(["ipam.spidernet.io/ippool": #"{"ipv4": ["rack-a"]}"#])
/// let plan = try PoolPlan(instructions)
/// plan.origin                // the Pod annotation
/// plan.passedOver            // the CNI configuration, outranked
/// PoolSelection(plan.request, facts: facts, pools: pools)
/// ```
public struct PoolPlan: Sendable, Hashable {
    /// For which interfaces the winner speaks.
    public enum Mode: Sendable, Hashable {
        /// For the one that asks.
        case single
        /// For several, by their names.
        case named
        /// For several, by their order.
        case unnamed
    }

    /// Who names the pools.
    public let origin: PoolOrigin
    /// Who else does and is not heard, in the order of precedence. The default pools, which are always there, are left
    /// out.
    public let passedOver: [PassedOverSource]
    /// For which interfaces the winner speaks.
    public let mode: Mode
    /// The request of the interface that asks.
    public let request: PoolRequest
    /// The requests of all interfaces that the winner speaks for: `eth0` first, then in the order of the annotation.
    ///
    /// In ``Mode/unnamed`` mode items for which no interface is known yet are left out.
    public let requests: [PoolRequest]
    /// The automatic pool that ``request`` is about. Its pools are not in the request's lists; whoever knows them has
    /// to put them there.
    public let automaticPool: AutomaticPoolDemand?

    /// Weighs the instructions.
    ///
    /// - Throws: ``PoolSelectionError`` when what the winner says cannot be understood or does not cover the
    ///   interface. What losers say is not read.
    public init(_ instructions: PoolInstructions) throws(PoolSelectionError) {
        var search = PoolSourceSearch(instructions)
        let winner = try search.winner()
        passedOver = search.passedOver + search.outranked(by: winner.origin)
        origin = winner.origin
        mode = winner.mode
        automaticPool = winner.automaticPool
        var requests: [PoolRequest] = []
        for item in winner.items {
            let source = PoolSource(origin: winner.origin, names: item.names, unknownKeys: item.unknownKeys)
            requests.append(
                PoolRequest(
                    interface: item.interface ?? instructions.interface, families: instructions.features.families,
                    sources: winner.origin == .clusterDefault ? [] : [source],
                    cleanGateway: item.cleanGateway ?? instructions.cleanGateway, passedOver: passedOver))
        }
        if let place = requests.firstIndex(where: { $0.interface == PoolInstructions.primaryInterface }) {
            requests.insert(requests.remove(at: place), at: 0)
        }
        guard let request = requests.first(where: { $0.interface == instructions.interface }) else {
            throw .notCovered(instructions.interface, by: winner)
        }
        self.request = request
        self.requests = requests
    }
}

extension PoolSelectionError {
    fileprivate static func notCovered(_ interface: String, by winner: PoolSourceSearch.Winner) -> PoolSelectionError {
        let format = AnnotationFormat.pools
        guard winner.mode == .unnamed else {
            return .annotation(
                format.key, of: format.owner, "interface \(interface) must be specified; add an item for it")
        }
        return .annotation(
            format.key, of: format.owner,
            "\(winner.items.count) items are not enough for interface \(interface), which comes after as many others; "
                + "add an item for it")
    }
}
