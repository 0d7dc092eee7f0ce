/// Who made a route (`RTPROT_…`): told by its maker, for people and for its own later clean-up.
public struct RouteOrigin: RawRepresentable, Sendable, Hashable {
    /// The kernel's number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `RTPROT_UNSPEC`, 0.
    public static let unspecified = Self(rawValue: 0)
    /// `RTPROT_KERNEL`, 2: follows from an address.
    public static let kernel = Self(rawValue: 2)
    /// `RTPROT_BOOT`, 3: what `ip route add` says.
    public static let boot = Self(rawValue: 3)
    /// `RTPROT_STATIC`, 4: an administrator.
    public static let `static` = Self(rawValue: 4)
    /// `RTPROT_RA`, 9: a router's advertisement.
    public static let routerAdvertisement = Self(rawValue: 9)
}

/// What happens to a packet for the destination (`RTN_…`).
public struct RouteKind: RawRepresentable, Sendable, Hashable {
    /// The kernel's number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `RTN_UNICAST`, 1: it goes to the next hop.
    public static let unicast = Self(rawValue: 1)
    /// `RTN_LOCAL`, 2: it is for this host.
    public static let local = Self(rawValue: 2)
    /// `RTN_BROADCAST`, 3.
    public static let broadcast = Self(rawValue: 3)
    /// `RTN_ANYCAST`, 4.
    public static let anycast = Self(rawValue: 4)
    /// `RTN_MULTICAST`, 5.
    public static let multicast = Self(rawValue: 5)
    /// `RTN_BLACKHOLE`, 6: it disappears.
    public static let blackhole = Self(rawValue: 6)
    /// `RTN_UNREACHABLE`, 7: the sender is told that there is no way.
    public static let unreachable = Self(rawValue: 7)
    /// `RTN_PROHIBIT`, 8: the sender is told that it is forbidden.
    public static let prohibit = Self(rawValue: 8)
    /// `RTN_THROW`, 9: the next table is looked at.
    public static let `throw` = Self(rawValue: 9)
}
