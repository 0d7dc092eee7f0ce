public import IPAMCore
public import NetlinkKit

/// One change of the kernel's network that a plan asks for.
public enum CoordinationOperation: Sendable, Hashable {
    /// Whose network it is.
    public enum Side: String, Sendable, Hashable {
        /// The Pod's.
        case pod
        /// The node's.
        case node
    }

    /// Make the auxiliary pair.
    case addPair(AuxiliaryPair)
    /// Change a link.
    case setLink(Side, LinkIndex, LinkSettings)
    /// Remove a link.
    case removeLink(Side, LinkIndex)
    /// Add an address in the Pod.
    case addAddress(LinkAddress)
    /// Remove an address in the Pod.
    case removeAddress(LinkAddress)
    /// Write a setting of the kernel.
    case setSysctl(Side, SysctlSetting)
    /// Add a route that is not there.
    case addRoute(Side, Route)
    /// Put a route in the place of the one with the same destination and priority.
    case replaceRoute(Side, Route)
    /// Add a route in the Pod before those with the same destination and priority.
    case prependRoute(Route)
    /// Remove a route.
    case removeRoute(Side, Route)
    /// Remove from a table of the node whatever leads to a prefix.
    case clearRoutes(CIDR, RouteTable)
    /// Add a rule.
    case addRule(Side, Rule)
    /// Remove a rule.
    case removeRule(Side, Rule)
    /// Say who a neighbour is.
    case setNeighbor(Side, Neighbor)
    /// Forget a neighbour.
    case removeNeighbor(Side, Neighbor)
    /// Mark in the Pod, for some families, what answers to packets that came in by the auxiliary link.
    case mark([AddressFamily])
    /// Mark nothing in the Pod any more, for some families.
    case unmark([AddressFamily])
    /// Tell the Pod's neighbours a new hardware address.
    case announce(LinkIndex, [IPAddress], MACAddress)

    /// Whose network it changes.
    public var side: Side {
        switch self {
        case .addPair, .clearRoutes: .node
        case .setLink(let side, _, _), .removeLink(let side, _), .setSysctl(let side, _), .addRoute(let side, _),
            .replaceRoute(let side, _), .removeRoute(let side, _), .addRule(let side, _), .removeRule(let side, _),
            .setNeighbor(let side, _), .removeNeighbor(let side, _):
            side
        case .addAddress, .removeAddress, .prependRoute, .mark, .unmark, .announce: .pod
        }
    }

    /// Whether something that was there is taken away.
    var takesAway: Bool {
        switch self {
        case .removeLink, .removeAddress, .removeRoute, .clearRoutes, .removeRule, .removeNeighbor, .unmark: true
        default: false
        }
    }
}

/// The pair of links between a Pod and its node.
public struct AuxiliaryPair: Sendable, Hashable {
    /// The name of the node's end.
    public let nodeName: InterfaceName
    /// The name of the Pod's end.
    public let podName: InterfaceName
    /// The hardware address of the node's end.
    public let nodeAddress: MACAddress
    /// The hardware address of the Pod's end.
    public let podAddress: MACAddress
    /// The longest packet of both.
    public let mtuBytes: UInt32

    /// The number that stands in a plan for the node's end, which has none before it is made.
    public static let nodePlaceholder = LinkIndex.made(0)
    /// The number that stands in a plan for the Pod's end.
    public static let podPlaceholder = LinkIndex.made(1)
}

extension LinkIndex {
    /// A number that no link has, for one that is not made yet: counted from the highest down.
    fileprivate static func made(_ number: Int32) -> LinkIndex {
        guard let index = LinkIndex(rawValue: .max - number) else { preconditionFailure("no such number: \(number)") }
        return index
    }
}
