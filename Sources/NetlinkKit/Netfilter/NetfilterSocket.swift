internal import CNetlink

/// The way to the packet filter of one network namespace, nftables (nft(8)).
///
/// Like a ``RouteSocket`` it belongs to the namespace in which the thread was that opened it, and may be handed to other
/// threads.
///
/// ```swift
/// var filter = try pod.perform { () throws(NetlinkError) in try NetfilterSocket() }
/// try filter.install(ReplyMarks(link: veth0), [.ipv4, .ipv6])
/// ```
public struct NetfilterSocket: ~Copyable, Sendable {
    /// The requests and answers.
    var socket: NetlinkSocket

    /// The length of a `struct nfgenmsg`.
    static let headerBytes = 4

    /// Opens a socket in the network namespace of the calling thread.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notSupported`` when the kernel has no netfilter.
    public init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_NETFILTER)
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

    /// Carries out changes as one transaction (`nft -f`): all of them, or none.
    ///
    /// Packets meet the rules as they were before or as they are afterwards, nothing between.
    ///
    /// - Parameter changes: What to do, in this order.
    /// - Throws: ``NetlinkError`` about the first change that the kernel refused, with the others in its detail;
    ///   nothing was changed then. After ``NetlinkError/Code/timedOut`` it is not known.
    public mutating func apply(_ changes: [NetfilterChange]) throws(NetlinkError) {
        guard !changes.isEmpty else { return }
        var messages = MessageWriter(.beginTransaction, []) { $0.netfilterHeader(resource: Self.subsystem) }
        for (index, change) in changes.enumerated() {
            change.write(to: &messages, index == changes.count - 1 ? .acknowledge : [])
        }
        messages.message(.endTransaction, []) { $0.netfilterHeader(resource: Self.subsystem) }
        let refusals = try socket.transaction(messages) { index in
            changes.indices.contains(index - 1) ? changes[index - 1].operation : "change the rules of nftables"
        }
        guard let first = refusals.first else { return }
        let others = refusals.dropFirst().map { "also refused: \($0)" }
        throw NetlinkError(
            first.code, operation: first.operation, errno: first.errno,
            detail: ([first.detail].filter { !$0.isEmpty } + others + ["nothing was changed"]).joined(separator: "; "))
    }

    /// `NFNL_SUBSYS_NFTABLES`.
    private static let subsystem: UInt16 = 10
}
