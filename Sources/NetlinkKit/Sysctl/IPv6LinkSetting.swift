/// A setting of IPv6 for a link, `net.ipv6.conf.LINK.SETTING` (ip-sysctl.rst); an open set.
public struct IPv6LinkSetting: RawRepresentable, Sendable, Hashable {
    /// The file name.
    public let rawValue: String

    /// Wraps a file name; `nil` for what cannot be one.
    public init?(rawValue: String) {
        guard rawValue.isFileName else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) { self.rawValue = rawValue }

    /// Looks for duplicates of an address before it is used: 0 no, 1 yes, 2 and disables IPv6 when the link-local address
    /// is one (RFC 4862).
    public static let acceptDAD = Self(known: "accept_dad")
    /// Accepts router advertisements: 0 no, 1 unless forwarding, 2 always.
    public static let acceptRA = Self(known: "accept_ra")
    /// How the link-local address is made.
    public static let addressGenerationMode = Self(known: "addr_gen_mode")
    /// Makes addresses from the prefixes that routers advertise.
    public static let autoconfiguration = Self(known: "autoconf")
    /// How many times a duplicate is asked for.
    public static let dadTransmits = Self(known: "dad_transmits")
    /// Switches IPv6 off and removes its addresses.
    public static let disable = Self(known: "disable_ipv6")
    /// Forwards packets that arrive here.
    public static let forwarding = Self(known: "forwarding")
    /// Keeps global addresses while the link is down.
    public static let keepAddressesOnDown = Self(known: "keep_addr_on_down")
    /// Announces addresses when the link comes up or its MAC address changes.
    public static let neighborNotify = Self(known: "ndisc_notify")
    /// Uses an address before it is known to be no duplicate (RFC 4429).
    public static let optimisticDAD = Self(known: "optimistic_dad")
    /// Answers neighbour solicitations for proxy entries.
    public static let proxyNDP = Self(known: "proxy_ndp")
}
