internal import IPAMCore
public import NetlinkKit

/// What is on the node, as far as it was looked at.
public struct DeviceState: Sendable, Hashable {
    /// The links.
    public var links: [Link]
    /// The addresses of the links.
    public var addresses: [LinkAddress]
    /// The routes.
    public var routes: [Route]

    /// The links of other network namespaces that are on ``links``, as far as they were looked for.
    public var users: [DeviceUser]

    /// The mark on devices that were made here (`IFLA_IFALIAS`).
    public static let mark = "spiderpool:ifacer"

    /// Makes a state.
    ///
    /// - Parameters:
    ///   - links: The links.
    ///   - addresses: The addresses of the links.
    ///   - routes: The routes.
    ///   - users: The links of other network namespaces that are on the links.
    public init(
        links: [Link], addresses: [LinkAddress] = [], routes: [Route] = [], users: [DeviceUser] = []
    ) {
        self.links = links
        self.addresses = addresses
        self.routes = routes
        self.users = users
    }

    /// The link of a name.
    func link(named name: InterfaceName) -> Link? { links.first { $0.name == name.text } }

    /// The name of a link, or its number when it is not among ``links``.
    func name(of index: LinkIndex) -> String { links.first { $0.index == index }?.name ?? "link \(index)" }

    /// What is in a bond.
    func members(of bond: LinkIndex) -> [Link] { links.filter { $0.master == bond } }

    /// The links of this namespace that are on another one: VLANs, macvlans and the like.
    func children(of link: Link) -> [Link] {
        links.filter { $0.parent == link.index && $0.parentNamespace == nil && $0.kind != .veth }
    }

    /// The addresses of a link that somebody gave it, as opposed to those that the kernel makes from its MAC address.
    func givenAddresses(of link: LinkIndex) -> [LinkAddress] {
        addresses.filter { $0.link == link && $0.scope != .link && $0.scope != .host }
    }

    /// The routes over a link that somebody added, as opposed to those that come with its addresses.
    func addedRoutes(over link: LinkIndex) -> [Route] {
        routes.filter { route in
            route.origin != .kernel && route.kind == .unicast && route.nextHops.contains { $0.link == link }
        }
    }
}
