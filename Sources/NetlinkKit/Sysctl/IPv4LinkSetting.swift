/// A setting of IPv4 for a link, `net.ipv4.conf.LINK.SETTING` (ip-sysctl.rst); an open set.
public struct IPv4LinkSetting: RawRepresentable, Sendable, Hashable {
    /// The file name.
    public let rawValue: String

    /// Wraps a file name; `nil` for what cannot be one.
    public init?(rawValue: String) {
        guard rawValue.isFileName else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) { self.rawValue = rawValue }

    /// Accepts packets whose source is one of our own addresses.
    public static let acceptLocal = Self(known: "accept_local")
    /// Which of our addresses ARP requests name as their sender.
    public static let arpAnnounce = Self(known: "arp_announce")
    /// Answers ARP requests only on the link that the answer's route uses.
    public static let arpFilter = Self(known: "arp_filter")
    /// For which of our addresses ARP requests are answered.
    public static let arpIgnore = Self(known: "arp_ignore")
    /// Announces the address when the link comes up or its MAC address changes.
    public static let arpNotify = Self(known: "arp_notify")
    /// Forwards packets that arrive here.
    public static let forwarding = Self(known: "forwarding")
    /// Answers ARP requests for addresses that are reached through another link.
    public static let proxyARP = Self(known: "proxy_arp")
    /// Refuses packets whose source would not be reached this way: 0 never, 1 through this link, 2 at all (RFC 3704).
    public static let reversePathFilter = Self(known: "rp_filter")
    /// Routes 127.0.0.0/8 like other addresses.
    public static let routeLocalnet = Self(known: "route_localnet")
    /// Takes the packet's mark into account when its source is looked up.
    public static let sourceValidMark = Self(known: "src_valid_mark")
}
