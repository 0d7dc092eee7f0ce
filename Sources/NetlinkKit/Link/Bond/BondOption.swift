/// An option of a bond; the raw value is the number of its attribute (`IFLA_BOND_…`).
///
/// ``rule`` says what values it takes, in which modes, and when it may be changed.
public enum BondOption: UInt16, Sendable, Hashable, CaseIterable {
    /// How members are used.
    case mode = 1
    /// The member in use.
    case activeSlave = 2
    /// How often to look at the carrier of the members, in milliseconds.
    case miimon = 3
    /// How long to wait before a member is used, in milliseconds.
    case updelay = 4
    /// How long to wait before a member is given up, in milliseconds.
    case downdelay = 5
    /// Whether to ask the driver for the carrier.
    case useCarrier = 6
    /// How often to ask ARP targets, in milliseconds.
    case arpInterval = 7
    /// Whom to ask by ARP.
    case arpIPTarget = 8
    /// Which answers to check.
    case arpValidate = 9
    /// Whether one or all targets have to answer.
    case arpAllTargets = 10
    /// The member to be preferred.
    case primary = 11
    /// When to go back to the preferred member.
    case primaryReselect = 12
    /// Whose hardware address the bond has.
    case failOverMAC = 13
    /// What the choice of a member depends on.
    case xmitHashPolicy = 14
    /// How many IGMP reports follow a change of member.
    case resendIGMP = 15
    /// How many announcements follow a change of member.
    case numPeerNotif = 16
    /// Whether packets that came to inactive members are taken.
    case allSlavesActive = 17
    /// How many members a bond needs to have a carrier.
    case minLinks = 18
    /// The time between learning packets, in seconds.
    case lpInterval = 19
    /// How many packets go to a member before it is the next one's turn.
    case packetsPerSlave = 20
    /// How often the partner is to send LACP packets.
    case lacpRate = 21
    /// How to choose among aggregators.
    case adSelect = 22
    /// The priority of the system in LACP.
    case adActorSysPrio = 24
    /// The part of the port key that users set.
    case adUserPortKey = 25
    /// The hardware address of the system in LACP.
    case adActorSystem = 26
    /// Whether flows move by load.
    case tlbDynamicLB = 27
    /// The time between announcements, in milliseconds.
    case peerNotifDelay = 28
    /// Whether LACP packets are sent unasked.
    case lacpActive = 29
    /// How many answers may fail before a member is down.
    case missedMax = 30
    /// Whom to ask by neighbour discovery.
    case nsIP6Target = 31
    /// Whether collecting and distributing are one state of LACP.
    case coupledControl = 32
    /// Whether ARP and neighbour discovery go out on all members.
    case broadcastNeighbor = 33

    /// Finds an option by its name in ifenslave, sysfs or ip-link(8).
    public init?(name: String) {
        guard let option = Self.allCases.first(where: { $0.rule.name == name || $0.rule.aliases.contains(name) }) else {
            return nil
        }
        self = option
    }
}

extension BondOption: CustomStringConvertible {
    /// The kernel's name, such as `lacp_rate`.
    public var description: String { rule.name }
}
