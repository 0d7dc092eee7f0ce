internal import IPAMCore
internal import IPAMPlugin
internal import NetlinkKit

/// The addresses of the node itself, which the link of a container may not be able to reach, as macvlan's cannot reach
/// the link below.
struct NodeAddresses {
    /// Who has each.
    let users: [IPAddress: AddressUser]

    /// None is known.
    static let none = NodeAddresses(users: [:])

    private init(users: [IPAddress: AddressUser]) { self.users = users }

    /// Reads those of the namespace of the calling thread.
    init() throws(NetlinkError) {
        var socket = try RouteSocket()
        let addresses = try socket.addresses()
        var users: [IPAddress: AddressUser] = [:]
        var links: [LinkIndex: Link] = [:]
        for link in try socket.links() { links[link.index] = link }
        for address in addresses {
            let link = links[address.link]
            users[address.address] = AddressUser(mac: link?.address ?? .zero, nodeLink: link?.name ?? "a link")
        }
        self.users = users
    }
}
