internal import IPAMCore
internal import NetlinkKit

extension CoordinationPlanner {
    /// The auxiliary pair (coordinator.md 7.3).
    mutating func planPair() {
        if let pair {
            if let stale = node.namedLink { ask(.removeLink(.node, stale.index)) }
            ask(.addPair(pair))
            ask(.setLink(.node, podFacing.index, LinkSettings(isUp: true, alias: LinkMark(subject).alias)))
        } else if let link = node.peer {
            let change = LinkSettings(
                isUp: link.isUp || !placement.isUnderlay ? nil : true,
                alias: link.alias.isEmpty ? LinkMark(subject).alias : nil)
            if change != LinkSettings() { ask(.setLink(.node, link.index, change)) }
        }
    }

    /// What the node knows about the Pod's addresses (7.8, 7.10).
    ///
    /// It comes after the Pod's routes: once the node has a route to the Pod, it is not asked any more from which address
    /// it would speak, so a call that was interrupted has to find that in the Pod's routes.
    mutating func planNode() {
        for address in placement.addresses { planNodeNeighbor(address) }
        for family in placement.families {
            let rule = Rule(family, priority: Numbers.rulePriority, table: settings.nodeTable)
            if !node.rules.contains(where: { $0.isEquivalent(to: rule) }) { ask(.addRule(.node, rule)) }
        }
        for address in placement.addresses { planNodeRoute(address) }
        planRouterAdvertisements()
    }

    private mutating func planNodeNeighbor(_ address: IPAddress) {
        for stale in node.neighbors where stale.address == address && stale.link != podFacing.index {
            ask(.removeNeighbor(.node, stale))
        }
        let wanted = Neighbor(address, on: podFacing.index, hardwareAddress: nodeFacing.address)
        if !node.neighbors.contains(where: { $0.says(wanted) }) { ask(.setNeighbor(.node, wanted)) }
    }

    private mutating func planNodeRoute(_ address: IPAddress) {
        let wanted = Route(
            to: CIDR(address), path: .hop(NextHop(link: podFacing.index)), table: settings.nodeTable)
        if let present = node.podRoutes[address], present.table == settings.nodeTable {
            if present.isOnly(on: podFacing.index), present.nextHops[0].gateway == nil { return }
            ask(.clearRoutes(CIDR(address), settings.nodeTable))
        } else if !node.rules.contains(where: { $0.family == address.family && $0.table == settings.nodeTable }) {
            // Without the rule the table was not looked at.
            ask(.clearRoutes(CIDR(address), settings.nodeTable))
        }
        ask(.replaceRoute(.node, wanted))
    }

    private mutating func planRouterAdvertisements() {
        guard placement.isUnderlay, placement.families.contains(.ipv6) else { return }
        let name = pair?.nodeName ?? node.peer.flatMap { InterfaceName($0.name) }
        guard let name, pair != nil || node.acceptsRouterAdvertisements == true else { return }
        ask(.setSysctl(.node, SysctlSetting(.ipv6(.acceptRA, of: .link(name)), 0)))
    }
}

extension Neighbor {
    /// Whether the same is known for good about the same neighbour.
    func says(_ other: Neighbor) -> Bool {
        address == other.address && link == other.link && hardwareAddress == other.hardwareAddress
            && state == .permanent && !isProxy
    }
}

extension Rule {
    /// Whether both lead the same packets to the same table at the same moment.
    func isEquivalent(to other: Rule) -> Bool {
        family == other.family && priority == other.priority && action == other.action && table == other.table
            && source == other.source && destination == other.destination && mark == other.mark
            && (mark == nil || markMask == other.markMask) && inputLink == other.inputLink
            && outputLink == other.outputLink && isInverted == other.isInverted
            && suppressedPrefixLength == other.suppressedPrefixLength
    }
}
