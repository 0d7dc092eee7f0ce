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
}
