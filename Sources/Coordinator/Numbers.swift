internal import IPAMCore
internal import NetlinkKit

/// The numbers that the reference uses and users look for.
enum Numbers {
    /// The table that answers what came in by the auxiliary link, or by the first interface of an overlay Pod.
    static let replyTable = RouteTable(rawValue: 100)
    /// The first of the tables that interfaces have for themselves.
    static let firstInterfaceTable: UInt32 = 101
    /// The priority of the rule for marked packets in a Pod, and of the rule of the node's table on the node.
    static let rulePriority: UInt32 = 1000
    /// The mark of packets that answer what came in by the auxiliary link.
    static let replyMark: UInt32 = 1

    /// The priority of the rules that lead to a table by the source of a packet: after the marked ones.
    static func priority(of table: RouteTable) -> UInt32 { rulePriority &+ table.rawValue }
}

extension AddressFamily {
    /// IPv4 first, as everywhere.
    static let both: [AddressFamily] = [.ipv4, .ipv6]
}
