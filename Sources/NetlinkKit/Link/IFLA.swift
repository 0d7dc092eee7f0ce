/// Attributes of link messages (`IFLA_…`, linux/if_link.h).
enum IFLA {
    /// `IFLA_ADDRESS`: hardware address.
    static let address: AttributeType = 1
    /// `IFLA_IFNAME`: text.
    static let name: AttributeType = 3
    /// `IFLA_MTU`: u32.
    static let mtu: AttributeType = 4
    /// `IFLA_LINK`: number of the link below.
    static let parent: AttributeType = 5
    /// `IFLA_MASTER`: number of the link above; 0 for none.
    static let master: AttributeType = 10
    /// `IFLA_TXQLEN`: u32.
    static let transmitQueueLength: AttributeType = 13
    /// `IFLA_OPERSTATE`: u8.
    static let operationalState: AttributeType = 16
    /// `IFLA_LINKINFO`: ``IFLAInfo``.
    static let info: AttributeType = 18
    /// `IFLA_NET_NS_PID`: u32.
    static let namespaceProcess: AttributeType = 19
    /// `IFLA_IFALIAS`: text.
    static let alias: AttributeType = 20
    /// `IFLA_STATS64`: `struct rtnl_link_stats64`.
    static let statistics: AttributeType = 23
    /// `IFLA_NET_NS_FD`: u32.
    static let namespaceDescriptor: AttributeType = 28
    /// `IFLA_EXT_MASK`: u32, what else to tell.
    static let extendedMask: AttributeType = 29
    /// `IFLA_CARRIER`: u8.
    static let carrier: AttributeType = 33
    /// `IFLA_LINK_NETNSID`: s32, where the link below is.
    static let parentNamespace: AttributeType = 37
    /// `IFLA_MAX_MTU`: u32; 0 for no limit.
    static let maximumMTU: AttributeType = 51
    /// `IFLA_PERM_ADDRESS`: hardware address.
    static let permanentAddress: AttributeType = 54
}

/// Attributes within `IFLA_LINKINFO`.
enum IFLAInfo {
    /// `IFLA_INFO_KIND`: text.
    static let kind: AttributeType = 1
    /// `IFLA_INFO_DATA`: what the kind says.
    static let data: AttributeType = 2
    /// `IFLA_INFO_SLAVE_KIND`: text, the kind of the master.
    static let slaveKind: AttributeType = 4
    /// `IFLA_INFO_SLAVE_DATA`: what the kind of the master says.
    static let slaveData: AttributeType = 5
}
