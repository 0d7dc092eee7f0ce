public import IPAMCore

/// A link as the kernel describes it (`RTM_NEWLINK`, the lines of `ip -details link`).
public struct Link: Sendable, Hashable {
    /// The number within the namespace.
    public let index: LinkIndex
    /// The name.
    public internal(set) var name = ""
    /// What it is; `nil` for hardware and for loopback.
    public internal(set) var kind: LinkKind?
    /// State and abilities.
    public internal(set) var flags: LinkFlags
    /// The type of the hardware (`ARPHRD_…`); 1 is Ethernet.
    public internal(set) var hardwareType: UInt16
    /// Whether it can be used.
    public internal(set) var operationalState = OperationalState.unknown
    /// Whether there is a carrier, for example a cable.
    public internal(set) var hasCarrier = false
    /// The longest packet in bytes.
    public internal(set) var mtuBytes: UInt32 = 0
    /// The largest value that ``mtuBytes`` can have; `nil` when the driver has no limit.
    public internal(set) var maximumMTUBytes: UInt32?
    /// The hardware address; `nil` when it is not an Ethernet address.
    public internal(set) var address: MACAddress?
    /// The address that the hardware was made with; `nil` where there is no hardware.
    public internal(set) var permanentAddress: MACAddress?
    /// How many packets may wait to be sent.
    public internal(set) var transmitQueueLength: UInt32 = 0
    /// The link above: the bridge, bond or vrf that this one is in.
    public internal(set) var master: LinkIndex?
    /// The link below, or the other end of a veth pair.
    ///
    /// The number counts in the namespace ``parentNamespace``.
    public internal(set) var parent: LinkIndex?
    /// In which namespace ``parent`` is, as this namespace numbers others (`IFLA_LINK_NETNSID`); `nil` for this one,
    /// −1 when it has no number here.
    public internal(set) var parentNamespace: Int32?
    /// The text that an administrator gave; empty for none.
    public internal(set) var alias = ""
    /// What the kind tells; see ``LinkDetails``.
    public internal(set) var details = LinkDetails.none
    /// What the kind of the master tells about this link.
    public internal(set) var membership = LinkMembership.none

    /// Whether it is switched on.
    public var isUp: Bool { flags.contains(.up) }
}
