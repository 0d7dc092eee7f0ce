internal import IPAMCore
internal import NetlinkKit

/// Computes a plan: what should be there, less what is there.
///
/// It keeps a picture of the Pod's routes and rules as they will be after the operations so far, so that later steps see
/// what earlier ones do.
struct CoordinationPlanner {
    let subject: CoordinationSubject
    let settings: CoordinatorSettings
    let placement: CoordinationPlacement
    let pod: PodState
    let node: NodeState

    /// The Pod's link towards the node, and its hardware address.
    let nodeFacing: (index: LinkIndex, address: MACAddress)
    /// The node's link towards the Pod, and its hardware address.
    let podFacing: (index: LinkIndex, address: MACAddress)
    /// The pair that has to be made.
    let pair: AuxiliaryPair?
    /// The node's addresses that the Pod reaches directly.
    let nodeAddresses: [IPAddress]
    /// Which of them are next hops.
    private(set) var gateways: [AddressFamily: IPAddress] = [:]

    /// The Pod's routes as they will be.
    var routes: [Route]
    /// The Pod's rules as they will be.
    var rules: [Rule]
    /// The tables that interfaces have for themselves, as they will be.
    var tables: [LinkIndex: RouteTable]
    /// Which interface was coordinated first in an overlay Pod.
    var firstOverlay: LinkIndex?
    /// What is asked for so far.
    var plan = CoordinationPlan()
    /// What is taken away in the Pod once everything that replaces it is there.
    private var removals: [CoordinationOperation] = []

    /// Looks at what is there.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - settings: The settings.
    ///   - placement: Where the interface stands.
    ///   - pod: What there is in the Pod.
    ///   - node: What of the node concerns it.
    ///   - onlyKnown: Whether node addresses that the Pod does not know yet are left out.
    /// - Throws: ``CoordinationError`` when the way between Pod and node is somebody else's.
    init(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ placement: CoordinationPlacement,
        pod: PodState, node: NodeState, onlyKnown: Bool
    ) throws(CoordinationError) {
        self.subject = subject
        self.settings = settings
        self.placement = placement
        self.pod = pod
        self.node = node
        let ends = try Self.ends(subject, settings, placement, node)
        (nodeFacing, podFacing, pair) = (ends.nodeFacing, ends.podFacing, ends.pair)
        routes = pod.routes
        rules = pod.rules
        tables = pod.interfaceTables
        firstOverlay = pod.links.first { $0.mark.isFirst }?.index

        let families = placement.families
        var all: [IPAddress] = []
        for address in node.preferredSources + node.addresses
        where families.contains(address.family) && !all.contains(address) { all.append(address) }
        let link = nodeFacing.index
        if onlyKnown {
            let known = Set(pod.neighbors.filter { $0.link == link }.map(\.address))
                .union(pod.routes.filter { $0.isHostRoute && $0.isOnly(on: link) }.map(\.destination.network))
            // Where none is known all are missing.
            for family in families where all.contains(where: { $0.family == family && known.contains($0) }) {
                all.removeAll { $0.family == family && !known.contains($0) }
            }
        }
        nodeAddresses = all
        for family in families { gateways[family] = gateway(family) }
        for (side, links) in [
            (CoordinationOperation.Side.pod, pod.links), (.node, [node.namedLink, node.peer].compactMap { $0 }),
        ] {
            plan.names[side] = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
        }
        if let pair {
            plan.names[.pod, default: [:]][AuxiliaryPair.podPlaceholder] = pair.podName.text
            plan.names[.node, default: [:]][AuxiliaryPair.nodePlaceholder] = pair.nodeName.text
        }
    }

    /// Asks for an operation; what the Pod has is taken away only at the end.
    mutating func ask(_ operation: CoordinationOperation) {
        if operation.takesAway, operation.side == .pod {
            removals.append(operation)
        } else {
            plan.operations.append(operation)
        }
    }

    /// Asks for what is taken away.
    mutating func askRemovals() {
        plan.operations += removals
        removals = []
    }

    /// Tells an administrator something.
    mutating func warn(_ text: String) { plan.warnings.append(text) }

    /// The node's address that routes through the node have as their next hop: the one that the Pod has already, else
    /// the one that the node would speak from.
    private func gateway(_ family: AddressFamily) -> IPAddress? {
        let link = nodeFacing.index
        let known = pod.routes.lazy.filter { $0.family == family && $0.isOnly(on: link) }
            .compactMap { $0.nextHops[0].gateway }.first { nodeAddresses.contains($0) }
        return known ?? nodeAddresses.first { $0.family == family && !node.loopbackAddresses.contains($0) }
    }
}

extension Route {
    /// Whether it is to one address only.
    var isHostRoute: Bool { destination.prefixLength == family.bitWidth }

    /// Whether all its packets leave by one next hop on a link.
    func isOnly(on link: LinkIndex) -> Bool { nextHops.count == 1 && nextHops[0].link == link }
}

extension PodState {
    /// The tables that interfaces have for themselves: as they are marked, or as rules say.
    var interfaceTables: [LinkIndex: RouteTable] {
        var tables: [LinkIndex: RouteTable] = [:]
        for link in links {
            if let table = link.mark.table {
                tables[link.index] = table
                continue
            }
            let own = Set(addresses.filter { $0.link == link.index }.map { CIDR($0.address) })
            let rule = rules.first { rule in
                rule.table.rawValue >= Numbers.firstInterfaceTable && rule.table != .main && rule.table != .local
                    && rule.table != .default && rule.source.map(own.contains) == true
            }
            if let rule { tables[link.index] = rule.table }
        }
        return tables
    }
}
