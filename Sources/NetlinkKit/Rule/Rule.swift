public import IPAMCore

/// A rule of policy routing: which packets are routed by which table (ip-rule(8)).
///
/// Rules are tried in ascending order of their priority. Two rules may have the same priority and even be equal, which
/// the kernel refuses only for those that are added with ``RouteSocket/add(_:)-(Rule)``.
///
/// ```swift
/// var rule = Rule(.ipv4, priority: 1101, table: RouteTable(rawValue: 101))
/// rule.source = CIDR(podAddress)
/// try pod.add(rule)       // ip rule add pref 1101 from 172.23.4.10 lookup 101
/// ```
public struct Rule: Sendable, Hashable {
    /// What happens to a packet that the rule is for (`FR_ACT_…`).
    public struct Action: RawRepresentable, Sendable, Hashable {
        /// The kernel's number.
        public let rawValue: UInt8

        /// Wraps a number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `FR_ACT_TO_TBL`, 1: the table is looked up.
        public static let lookUp = Self(rawValue: 1)
        /// `FR_ACT_GOTO`, 2: the rule with the priority ``Rule/target`` is next.
        public static let jump = Self(rawValue: 2)
        /// `FR_ACT_NOP`, 3: nothing.
        public static let none = Self(rawValue: 3)
        /// `FR_ACT_BLACKHOLE`, 6: it disappears.
        public static let blackhole = Self(rawValue: 6)
        /// `FR_ACT_UNREACHABLE`, 7: the sender is told that there is no way.
        public static let unreachable = Self(rawValue: 7)
        /// `FR_ACT_PROHIBIT`, 8: the sender is told that it is forbidden.
        public static let prohibit = Self(rawValue: 8)
    }

    /// The family of the packets.
    public var family: AddressFamily
    /// When it is tried; lower is earlier.
    public var priority: UInt32
    /// What happens.
    public var action: Action
    /// The table that is looked up.
    public var table: RouteTable
    /// The priority of the rule that ``Action/jump`` goes to.
    public var target: UInt32?
    /// Only packets from this prefix.
    public var source: CIDR?
    /// Only packets to this prefix.
    public var destination: CIDR?
    /// Only packets whose mark, under ``markMask``, is this.
    public var mark: UInt32?
    /// Which bits of the mark count.
    public var markMask: UInt32 = .max
    /// Only packets that came in by the link with this name; those of this host come from `lo`.
    public var inputLink: InterfaceName?
    /// Only packets of sockets that are bound to the link with this name.
    public var outputLink: InterfaceName?
    /// Routes of the table with a prefix as short as this or shorter do not count; `nil` when all do.
    public var suppressedPrefixLength: UInt32?
    /// Whether the rule is for all packets but the described.
    public var isInverted = false
    /// Only packets with this type of service.
    public var typeOfService: UInt8 = 0
    /// Who made it.
    public var origin: RouteOrigin = .unspecified

    /// What else was told about it, as it was read: ports, users, protocols, VRF.
    var others: [OpaqueAttribute] = []

    /// Makes a rule for all packets of a family.
    ///
    /// - Parameters:
    ///   - family: The family.
    ///   - priority: When it is tried.
    ///   - action: What happens.
    ///   - table: The table that is looked up.
    public init(_ family: AddressFamily, priority: UInt32, action: Action = .lookUp, table: RouteTable) {
        self.family = family
        self.priority = priority
        self.action = action
        self.table = table
    }
}

extension Rule: CustomStringConvertible {
    /// In the words of `ip rule`: `1101: from 172.23.4.10/32 lookup 101`.
    public var description: String {
        var words = "\(priority):"
        if isInverted { words += " not" }
        words += " from \(source.map { "\($0)" } ?? "all")"
        if let destination { words += " to \(destination)" }
        if let mark {
            words += " fwmark 0x\(String(mark, radix: 16))"
            if markMask != .max { words += "/0x\(String(markMask, radix: 16))" }
        }
        if let inputLink { words += " iif \(inputLink)" }
        if let outputLink { words += " oif \(outputLink)" }
        switch action {
        case .lookUp: words += " lookup \(table)"
        case .jump: words += " goto \(target ?? 0)"
        case .none: words += " nop"
        case .blackhole: words += " blackhole"
        case .unreachable: words += " unreachable"
        case .prohibit: words += " prohibit"
        default: words += " action \(action.rawValue)"
        }
        if let suppressedPrefixLength { words += " suppress_prefixlength \(suppressedPrefixLength)" }
        return words
    }
}
