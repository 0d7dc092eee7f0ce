/// What a link is (`IFLA_INFO_KIND`, the `type` of ip-link(8)); an open set.
public struct LinkKind: RawRepresentable, Sendable, Hashable {
    /// The kernel's name.
    public let rawValue: String

    /// Wraps the kernel's name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Several links used as one.
    public static let bond = Self(rawValue: "bond")
    /// A switch.
    public static let bridge = Self(rawValue: "bridge")
    /// A link that drops whatever is sent.
    public static let dummy = Self(rawValue: "dummy")
    /// An intermediate link for traffic control.
    public static let ifb = Self(rawValue: "ifb")
    /// A link that shares its parent's MAC address.
    public static let ipvlan = Self(rawValue: "ipvlan")
    /// A link with a MAC address of its own on its parent.
    public static let macvlan = Self(rawValue: "macvlan")
    /// A link whose other end is a program.
    public static let tun = Self(rawValue: "tun")
    /// One of two links that are connected.
    public static let veth = Self(rawValue: "veth")
    /// A part of its parent that is marked with a tag (IEEE 802.1Q).
    public static let vlan = Self(rawValue: "vlan")
    /// A routing domain.
    public static let vrf = Self(rawValue: "vrf")
    /// Ethernet over UDP (RFC 7348).
    public static let vxlan = Self(rawValue: "vxlan")
}

extension LinkKind: CustomStringConvertible {
    /// The kernel's name.
    public var description: String { rawValue }
}
