internal import CNetlink
internal import SystemPackage

/// The way to drivers and devices of one network namespace that are spoken to by generic netlink: the features of links
/// (`ethtool`) and the devices of devlink(8).
///
/// Like a ``RouteSocket`` it belongs to the namespace in which the thread was that opened it, and may be handed to other
/// threads.
///
/// ```swift
/// var devices = try GenericSocket()
/// try devices.update(veth, [.transmitChecksum: false])
/// ```
public struct GenericSocket: ~Copyable, Sendable {
    /// The requests and answers.
    var socket: NetlinkSocket

    /// The numbers of families that were asked for before.
    private var families: [String: MessageType] = [:]

    /// Opens a socket in the network namespace of the calling thread.
    public init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_GENERIC)
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

    /// The number under which this kernel knows a family (`CTRL_CMD_GETFAMILY`), which it gives when the family is
    /// loaded.
    ///
    /// - Parameter name: The name, such as `ethtool`.
    /// - Returns: The type of the family's messages.
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notSupported`` when the kernel has no such family.
    mutating func family(_ name: String) throws(NetlinkError) -> MessageType {
        if let known = families[name] { return known }
        let operation = "find generic netlink family \(name)"
        let request = MessageWriter(.genericControl, []) { writer in
            writer.genericHeader(command: 3, version: 1)  // CTRL_CMD_GETFAMILY
            writer.attribute(2, name)  // CTRL_ATTR_FAMILY_NAME
        }
        do throws(NetlinkError) {
            let type = try socket.get(operation, request, reply: .genericControl) { payload in
                payload.attribute(1, from: Self.headerBytes, as: UInt16.self)  // CTRL_ATTR_FAMILY_ID
                    .map(MessageType.init(rawValue:))
            }
            families[name] = type
            return type
        } catch {
            guard error.code == .notFound else { throw error }
            throw NetlinkError(
                .notSupported, operation: operation, errno: error.errno, detail: "this kernel does not have it")
        }
    }

    /// The length of a `struct genlmsghdr`.
    static let headerBytes = 4
}
