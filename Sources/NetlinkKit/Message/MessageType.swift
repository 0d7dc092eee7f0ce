/// What a netlink message is about (`nlmsg_type`).
struct MessageType: RawRepresentable, Sendable, Hashable {
    /// The kernel's number.
    let rawValue: UInt16
}

extension MessageType {
    /// `NLMSG_NOOP`.
    static let noOperation = Self(rawValue: 1)
    /// `NLMSG_ERROR`: an acknowledgement, or a refusal.
    static let error = Self(rawValue: 2)
    /// `NLMSG_DONE`: the end of a dump.
    static let done = Self(rawValue: 3)
    /// `NLMSG_OVERRUN`.
    static let overrun = Self(rawValue: 4)

    /// `RTM_NEWLINK`.
    static let newLink = Self(rawValue: 16)
    /// `RTM_DELLINK`.
    static let deleteLink = Self(rawValue: 17)
    /// `RTM_GETLINK`.
    static let getLink = Self(rawValue: 18)
    /// `RTM_SETLINK`.
    static let setLink = Self(rawValue: 19)
    /// `RTM_NEWADDR`.
    static let newAddress = Self(rawValue: 20)
    /// `RTM_DELADDR`.
    static let deleteAddress = Self(rawValue: 21)
    /// `RTM_GETADDR`.
    static let getAddress = Self(rawValue: 22)
    /// `RTM_NEWROUTE`.
    static let newRoute = Self(rawValue: 24)
    /// `RTM_DELROUTE`.
    static let deleteRoute = Self(rawValue: 25)
    /// `RTM_GETROUTE`.
    static let getRoute = Self(rawValue: 26)
    /// `RTM_NEWNEIGH`.
    static let newNeighbor = Self(rawValue: 28)
    /// `RTM_DELNEIGH`.
    static let deleteNeighbor = Self(rawValue: 29)
    /// `RTM_GETNEIGH`.
    static let getNeighbor = Self(rawValue: 30)
    /// `RTM_NEWRULE`.
    static let newRule = Self(rawValue: 32)
    /// `RTM_DELRULE`.
    static let deleteRule = Self(rawValue: 33)
    /// `RTM_GETRULE`.
    static let getRule = Self(rawValue: 34)
    /// `RTM_NEWNSID`.
    static let newNamespaceID = Self(rawValue: 88)
    /// `RTM_GETNSID`.
    static let getNamespaceID = Self(rawValue: 90)

    /// `GENL_ID_CTRL`, of generic netlink.
    static let genericControl = Self(rawValue: 16)

    /// `RDMA_NLDEV_CMD_GET` of the client `RDMA_NL_NLDEV`.
    static let rdmaDevice = Self(rawValue: 5 << 10 | 1)
    /// `RDMA_NLDEV_CMD_PORT_GET` of the client `RDMA_NL_NLDEV`.
    static let rdmaPort = Self(rawValue: 5 << 10 | 5)

    /// `NFNL_MSG_BATCH_BEGIN`, of netfilter.
    static let beginTransaction = Self(rawValue: 16)
    /// `NFNL_MSG_BATCH_END`, of netfilter.
    static let endTransaction = Self(rawValue: 17)
    /// `NFT_MSG_NEWTABLE` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let newTable = Self(rawValue: 10 << 8 | 0)
    /// `NFT_MSG_GETTABLE` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let getTable = Self(rawValue: 10 << 8 | 1)
    /// `NFT_MSG_DELTABLE` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let deleteTable = Self(rawValue: 10 << 8 | 2)
    /// `NFT_MSG_NEWCHAIN` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let newChain = Self(rawValue: 10 << 8 | 3)
    /// `NFT_MSG_GETCHAIN` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let getChain = Self(rawValue: 10 << 8 | 4)
    /// `NFT_MSG_NEWRULE` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let newChainRule = Self(rawValue: 10 << 8 | 6)
    /// `NFT_MSG_GETRULE` of the subsystem `NFNL_SUBSYS_NFTABLES`.
    static let getChainRule = Self(rawValue: 10 << 8 | 7)
}
