/// A chain of rules in a table of nftables.
public struct NetfilterChain: Sendable, Hashable {
    /// What a chain can do to packets.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The word of nft(8).
        public let rawValue: String

        /// Wraps a word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Packets are seen, dropped, marked.
        public static let filter = Self(rawValue: "filter")
        /// The same, and a packet whose mark or address was changed is routed again; only with ``Hook/output``.
        public static let route = Self(rawValue: "route")
        /// The first packet of each connection decides on the addresses of all others.
        public static let nat = Self(rawValue: "nat")
    }

    /// Where on their way packets come to a chain (`NF_INET_…`).
    public struct Hook: RawRepresentable, Sendable, Hashable {
        /// The kernel's number.
        public let rawValue: UInt32

        /// Wraps a number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `NF_INET_PRE_ROUTING`: all that came in, before it is known where they go.
        public static let prerouting = Self(rawValue: 0)
        /// `NF_INET_LOCAL_IN`: those for this host.
        public static let input = Self(rawValue: 1)
        /// `NF_INET_FORWARD`: those for others.
        public static let forward = Self(rawValue: 2)
        /// `NF_INET_LOCAL_OUT`: those of this host.
        public static let output = Self(rawValue: 3)
        /// `NF_INET_POST_ROUTING`: all that go out.
        public static let postrouting = Self(rawValue: 4)
    }

    /// What happens to a packet that came to the end of a chain (`NF_DROP`, `NF_ACCEPT`).
    public enum Policy: UInt32, Sendable {
        /// It disappears.
        case drop = 0
        /// It goes on.
        case accept = 1
    }

    /// How packets come to a chain without a rule that sends them there.
    public struct Base: Sendable, Hashable {
        /// What it can do to packets.
        public var kind: Kind
        /// Where it stands.
        public var hook: Hook
        /// When among the chains of the hook it is its turn; lower is earlier.
        public var priority: Int32
        /// What happens at its end.
        public var policy: Policy

        /// The priority of the rules that mark packets (`NF_IP_PRI_MANGLE`): after connections were recognised, before
        /// addresses are translated.
        public static let manglePriority: Int32 = -150

        /// Makes a description of how packets come to a chain.
        ///
        /// - Parameters:
        ///   - kind: What it can do to packets.
        ///   - hook: Where it stands.
        ///   - priority: When among the chains of the hook it is its turn.
        ///   - policy: What happens at its end.
        public init(_ kind: Kind, _ hook: Hook, priority: Int32, policy: Policy = .accept) {
            self.kind = kind
            self.hook = hook
            self.priority = priority
            self.policy = policy
        }
    }

    /// The name within the table.
    public let name: String
    /// How packets come to it; `nil` when only rules of other chains send them.
    public var base: Base?

    /// Makes a description of a chain.
    public init(_ name: String, _ base: Base? = nil) {
        self.name = name
        self.base = base
    }
}

extension NetfilterChain: CustomStringConvertible {
    /// The name, and in the words of nft(8) how packets come to it.
    public var description: String {
        guard let base else { return name }
        return
            "\(name) { type \(base.kind.rawValue) hook \(base.hook) priority \(base.priority); policy \(base.policy); }"
    }
}

extension NetfilterChain.Hook: CustomStringConvertible {
    /// The word of nft(8), or the number.
    public var description: String {
        switch self {
        case .prerouting: "prerouting"
        case .input: "input"
        case .forward: "forward"
        case .output: "output"
        case .postrouting: "postrouting"
        default: "\(rawValue)"
        }
    }
}
