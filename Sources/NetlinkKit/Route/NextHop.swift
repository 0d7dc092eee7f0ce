public import IPAMCore

/// Where a packet goes next: a link, a gateway, or a gateway on a link.
public struct NextHop: Sendable, Hashable {
    /// The link that it leaves by; `nil` lets the kernel find it by the gateway.
    public var link: LinkIndex?
    /// The router that takes it; `nil` when the destination is a neighbour. An IPv4 route may have an IPv6 gateway
    /// (`RTA_VIA`).
    public var gateway: IPAddress?
    /// The share of the traffic among several next hops, 1 to 256.
    public var weight: Int
    /// Whether the gateway counts as a neighbour though no route says so (`RTNH_F_ONLINK`).
    public var isOnLink: Bool

    /// Whether the kernel uses it now: neither dead (`RTNH_F_DEAD`) nor without carrier (`RTNH_F_LINKDOWN`). Only told,
    /// never written.
    public private(set) var isAlive = true

    /// The encapsulation (`RTA_ENCAP_TYPE`, `RTA_ENCAP`) and the realm (`RTA_FLOW`), as they were read.
    var others: [OpaqueAttribute] = []

    /// Makes a next hop.
    ///
    /// - Parameters:
    ///   - link: The link that the packet leaves by.
    ///   - gateway: The router that takes it.
    ///   - weight: The share of the traffic among several next hops, 1 to 256.
    ///   - isOnLink: Whether the gateway counts as a neighbour though no route says so.
    public init(link: LinkIndex? = nil, gateway: IPAddress? = nil, weight: Int = 1, isOnLink: Bool = false) {
        self.link = link
        self.gateway = gateway
        self.weight = weight
        self.isOnLink = isOnLink
    }
}

extension NextHop {
    /// `RTNH_F_ONLINK`.
    static let onLinkFlag: UInt32 = 4
    /// `RTNH_F_DEAD` and `RTNH_F_LINKDOWN`.
    private static let deathFlags: UInt32 = 1 | 16

    /// The same next hop while it can be used.
    var alive: NextHop {
        var hop = self
        hop.isAlive = true
        return hop
    }

    /// Takes over the flags of `rtm_flags` or `rtnh_flags`.
    mutating func take(flags: UInt32) {
        isOnLink = flags & Self.onLinkFlag != 0
        isAlive = flags & Self.deathFlags == 0
    }

    /// Takes over an attribute, be it of the route or of one of several next hops.
    ///
    /// - Returns: Whether the attribute says something about a next hop.
    mutating func take(_ type: AttributeType, _ value: RawSpan) -> Bool {
        switch type {
        case RTA.outputLink: link = value.linkIndex
        case RTA.gateway: gateway = value.address
        case RTA.via: gateway = value.byteCount > 2 ? value.extracting(2..<value.byteCount).address : nil
        case RTA.encapsulationType, RTA.encapsulation, RTA.flow:
            others.append(OpaqueAttribute(type: type, bytes: value.array))
        default: return false
        }
        return true
    }

    /// Reads a `struct rtnexthop` with its attributes.
    ///
    /// - Parameters:
    ///   - bytes: All next hops of a route.
    ///   - offset: Where this one starts; moved behind it.
    init?(in bytes: RawSpan, at offset: inout Int) {
        guard let length = bytes.integer(at: offset, as: UInt16.self),
            let flags = bytes.integer(at: offset + 2, as: UInt8.self),
            let hops = bytes.integer(at: offset + 3, as: UInt8.self),
            let index = bytes.integer(at: offset + 4, as: Int32.self),
            length >= 8, Int(length) <= bytes.byteCount - offset
        else { return nil }
        self.init(link: LinkIndex(rawValue: index), weight: Int(hops) + 1)
        take(flags: UInt32(flags))
        let body = bytes.extracting(offset..<offset + Int(length))
        guard body.forEachAttribute(from: 8, { type, value in _ = take(type, value) }) else { return nil }
        offset += (Int(length) + 3) & ~3
    }
}
