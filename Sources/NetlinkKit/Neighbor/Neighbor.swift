public import IPAMCore

/// What a host knows about a neighbour on a link: its hardware address, or that it is to be answered for (proxy).
///
/// ```swift
/// try host.update(Neighbor(podAddress, on: veth, hardwareAddress: mac, state: .permanent))
/// // ip neigh replace 172.22.4.10 dev veth9f8e7d6c5b4 lladdr 02:00:00:00:00:01 nud permanent
/// ```
public struct Neighbor: Sendable, Hashable {
    /// What is known about reachability (`NUD_…`).
    public struct State: OptionSet, Sendable, Hashable {
        /// The kernel's bits; at most one is set.
        public let rawValue: UInt16

        /// Wraps the kernel's bits.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// `NUD_INCOMPLETE`: it was asked for and has not answered yet.
        public static let incomplete = Self(rawValue: 0x01)
        /// `NUD_REACHABLE`: it answered lately.
        public static let reachable = Self(rawValue: 0x02)
        /// `NUD_STALE`: it is asked again when it is needed.
        public static let stale = Self(rawValue: 0x04)
        /// `NUD_DELAY`.
        public static let delay = Self(rawValue: 0x08)
        /// `NUD_PROBE`.
        public static let probe = Self(rawValue: 0x10)
        /// `NUD_FAILED`: it did not answer.
        public static let failed = Self(rawValue: 0x20)
        /// `NUD_NOARP`: nobody is asked on this link.
        public static let noAddressResolution = Self(rawValue: 0x40)
        /// `NUD_PERMANENT`: told by an administrator, never asked for.
        public static let permanent = Self(rawValue: 0x80)
    }

    /// The link on which it is a neighbour.
    public var link: LinkIndex
    /// Its address.
    public var address: IPAddress
    /// Its hardware address; `nil` when it is not known, and for a proxy entry.
    public var hardwareAddress: MACAddress?
    /// What is known about reachability.
    public var state: State
    /// Whether this host answers for the address on the link (`NTF_PROXY`) instead of knowing a neighbour.
    public var isProxy: Bool
    /// Whether it is a router (`NTF_ROUTER`, IPv6). Only told.
    public internal(set) var isRouter = false

    /// Makes an entry about a neighbour.
    ///
    /// - Parameters:
    ///   - address: Its address.
    ///   - link: The link on which it is a neighbour.
    ///   - hardwareAddress: Its hardware address.
    ///   - state: What is known about reachability.
    public init(
        _ address: IPAddress, on link: LinkIndex, hardwareAddress: MACAddress?, state: State = .permanent
    ) {
        self.address = address
        self.link = link
        self.hardwareAddress = hardwareAddress
        self.state = state
        isProxy = false
    }

    /// Makes an entry that lets this host answer for an address.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - link: The link on which it is asked for.
    public init(proxyFor address: IPAddress, on link: LinkIndex) {
        self.address = address
        self.link = link
        hardwareAddress = nil
        state = []
        isProxy = true
    }
}

extension Neighbor: CustomStringConvertible {
    /// In the words of `ip neigh`: `10.0.0.1 dev 3 lladdr 02:00:00:00:00:01 PERMANENT`; the link by its number.
    public var description: String {
        if isProxy { return "\(address) dev \(link) proxy" }
        let hardware = hardwareAddress.map { " lladdr \($0)" } ?? ""
        return "\(address) dev \(link)\(hardware) \(state.word)"
    }
}

extension Neighbor.State {
    fileprivate var word: String {
        switch self {
        case .incomplete: "INCOMPLETE"
        case .reachable: "REACHABLE"
        case .stale: "STALE"
        case .delay: "DELAY"
        case .probe: "PROBE"
        case .failed: "FAILED"
        case .noAddressResolution: "NOARP"
        case .permanent: "PERMANENT"
        default: "NONE"
        }
    }
}
