internal import CNetlink
internal import IPAMCore

extension WatchTopic where Object == Link {
    /// Links: `ip monitor link`.
    public static var links: Self {
        // A bridge tells of its ports with messages of the same types but another family; the one of a port that leaves
        // would read as the end of the link.
        Self(
            [RTNLGRP_LINK], .newLink, .deleteLink, isAbout: { $0.integer(as: UInt8.self).map { $0 == 0 } ?? true },
            read: { Link($0) }, dump: { socket throws(NetlinkError) in try socket.links() })
    }
}

extension WatchTopic where Object == LinkAddress {
    /// Addresses: `ip monitor address`.
    public static var addresses: Self {
        Self(
            [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR], .newAddress, .deleteAddress, read: { LinkAddress($0) },
            dump: { socket throws(NetlinkError) in try socket.addresses() })
    }
}

extension WatchTopic where Object == Route {
    /// Routes of all tables: `ip monitor route`.
    public static var routes: Self {
        Self(
            [RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE], .newRoute, .deleteRoute, isAbout: { Route.isRoute($0) },
            read: { Route($0) }, dump: { socket throws(NetlinkError) in try socket.routes() })
    }
}

extension WatchTopic where Object == Rule {
    /// Rules: `ip monitor rule`.
    public static var rules: Self {
        Self(
            [RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE], .newRule, .deleteRule, read: { Rule($0) },
            dump: { socket throws(NetlinkError) in try socket.rules() })
    }
}

extension WatchTopic where Object == Neighbor {
    /// Neighbours, and the addresses that this host answers for: `ip monitor neigh`.
    public static var neighbors: Self {
        Self(
            [RTNLGRP_NEIGH], .newNeighbor, .deleteNeighbor, isAbout: { Neighbor.isNeighbor($0) },
            read: { Neighbor($0) },
            dump: { socket throws(NetlinkError) in try socket.neighbors() + socket.neighbors(proxies: true) })
    }
}
