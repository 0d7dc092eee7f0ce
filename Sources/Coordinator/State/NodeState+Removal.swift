internal import IPAMCore
internal import NetlinkKit

extension NodeState {
    /// Reads what of the node has to be known to take away what was made for an interface.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - nodeFacing: The Pod's link towards the node, if it is there.
    ///   - podNodeNumber: The number by which the Pod's namespace knows the node's.
    ///   - addresses: The addresses of the interface.
    ///   - readsAddresses: Whether the node's addresses have to be known.
    ///   - socket: A socket of the node's namespace.
    /// - Throws: `NetlinkError`.
    init(
        removing subject: CoordinationSubject, nodeFacing: Link?, podNodeNumber: Int32?,
        addresses: [IPAddress], readsAddresses: Bool, _ socket: inout RouteSocket
    ) throws(NetlinkError) {
        self.init()
        if let name = try? subject.nodeLinkName { namedLink = try socket.linkIfPresent(named: name) }
        if let nodeFacing, let parent = nodeFacing.parent, let number = nodeFacing.parentNamespace,
            number == podNodeNumber
        {
            peer = try? socket.link(at: parent)
        }
        if nodeFacing == nil {
            // The way to an address leads to the link, unless it is somebody else's by now: the alias tells.
            for address in addresses where peer == nil {
                guard let index = (try? socket.route(to: address))?.nextHops.first?.link,
                    let link = try? socket.link(at: index), link.isPair(of: subject)
                else { continue }
                peer = link
            }
        }
        rules = try socket.rules()
        if readsAddresses { _ = try readAddresses(&socket, AddressFamily.both) }
    }
}
