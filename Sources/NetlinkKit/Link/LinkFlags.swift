/// The state and the abilities of a link (`IFF_…`, netdevice(7)).
public struct LinkFlags: OptionSet, Sendable, Hashable {
    /// The kernel's bits.
    public let rawValue: UInt32

    /// Wraps the kernel's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `IFF_UP`: switched on.
    public static let up = Self(rawValue: 0x1)
    /// `IFF_BROADCAST`.
    public static let broadcast = Self(rawValue: 0x2)
    /// `IFF_LOOPBACK`.
    public static let loopback = Self(rawValue: 0x8)
    /// `IFF_POINTOPOINT`.
    public static let pointToPoint = Self(rawValue: 0x10)
    /// `IFF_RUNNING`: switched on and able to send.
    public static let running = Self(rawValue: 0x40)
    /// `IFF_NOARP`: no address resolution.
    public static let noAddressResolution = Self(rawValue: 0x80)
    /// `IFF_PROMISC`: takes all frames.
    public static let promiscuous = Self(rawValue: 0x100)
    /// `IFF_ALLMULTI`: takes all multicast frames.
    public static let allMulticast = Self(rawValue: 0x200)
    /// `IFF_MASTER`: of a bond.
    public static let master = Self(rawValue: 0x400)
    /// `IFF_SLAVE`: in a bond.
    public static let slave = Self(rawValue: 0x800)
    /// `IFF_MULTICAST`.
    public static let multicast = Self(rawValue: 0x1000)
    /// `IFF_LOWER_UP`: there is a carrier.
    public static let lowerUp = Self(rawValue: 0x10000)
}
