/// The attributes of a route (`RTA_…`, linux/rtnetlink.h).
enum RTA {
    /// `RTA_DST`.
    static let destination: AttributeType = 1
    /// `RTA_SRC`.
    static let source: AttributeType = 2
    /// `RTA_OIF`.
    static let outputLink: AttributeType = 4
    /// `RTA_GATEWAY`.
    static let gateway: AttributeType = 5
    /// `RTA_PRIORITY`.
    static let priority: AttributeType = 6
    /// `RTA_PREFSRC`.
    static let preferredSource: AttributeType = 7
    /// `RTA_METRICS`.
    static let metrics: AttributeType = 8
    /// `RTA_MULTIPATH`.
    static let multipath: AttributeType = 9
    /// `RTA_FLOW`.
    static let flow: AttributeType = 11
    /// `RTA_CACHEINFO`.
    static let cacheInformation: AttributeType = 12
    /// `RTA_TABLE`.
    static let table: AttributeType = 15
    /// `RTA_MARK`.
    static let mark: AttributeType = 16
    /// `RTA_VIA`.
    static let via: AttributeType = 18
    /// `RTA_PREF`.
    static let preference: AttributeType = 20
    /// `RTA_ENCAP_TYPE`.
    static let encapsulationType: AttributeType = 21
    /// `RTA_ENCAP`.
    static let encapsulation: AttributeType = 22
    /// `RTA_EXPIRES`.
    static let expires: AttributeType = 23
    /// `RTA_TTL_PROPAGATE`.
    static let ttlPropagation: AttributeType = 26
    /// `RTA_NH_ID`.
    static let nextHopObject: AttributeType = 30
}

/// The values within `RTA_METRICS` (`RTAX_…`).
enum RTAX {
    /// `RTAX_MTU`.
    static let mtu: AttributeType = 2
    /// `RTAX_ADVMSS`.
    static let advertisedSegmentSize: AttributeType = 8
}
