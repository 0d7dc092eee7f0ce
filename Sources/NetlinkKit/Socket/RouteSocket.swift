internal import CNetlink
internal import Glibc
internal import IPAMCore

/// The way to the links, addresses, routes, rules and neighbours of one network namespace (rtnetlink(7)).
///
/// The socket belongs to the namespace in which the thread was that opened it, and stays there: it may be handed to
/// other threads, and tasks may use it wherever they run.
///
/// ```swift
/// var host = try RouteSocket()
/// for link in try host.links() where link.flags.contains(.up) { print(link.name) }
/// ```
public struct RouteSocket: ~Copyable, Sendable {
    /// The requests and answers.
    var socket: NetlinkSocket

    /// Opens a socket in the network namespace of the calling thread.
    public init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_ROUTE)
    }

    /// Makes a socket on something other than the kernel.
    init(_ transport: any NetlinkTransport) {
        socket = NetlinkSocket(channel: .replacement(transport))
    }

    /// How long the kernel may take to answer; 5 seconds unless set.
    public var timeLimit: Duration {
        get { socket.timeLimit }
        set { socket.timeLimit = newValue }
    }
}
