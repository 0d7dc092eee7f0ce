public import IPAMCore

/// Something that happened to an address.
public struct HistoryEvent: Sendable, Hashable {
    /// What happened; an open set.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The text of the kind, as it is stored and printed.
        public let rawValue: String

        /// Makes a kind from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Somebody got an address that nobody owned.
        public static let claimed = Self(rawValue: "claimed")
        /// The owner stayed, in another sandbox.
        public static let moved = Self(rawValue: "moved")
        /// Something else about the claim changed: the node, the name.
        public static let changed = Self(rawValue: "changed")
        /// The owner does not run any more, and keeps the address.
        public static let retained = Self(rawValue: "retained")
        /// An owner that had kept the address runs again.
        public static let resumed = Self(rawValue: "resumed")
        /// The claim was made anew by a repair; its owner had it before.
        public static let restored = Self(rawValue: "restored")
        /// The owner gave the address back, or a reboot ended the claim.
        public static let released = Self(rawValue: "released")
        /// The address, which nobody owned, was seen in foreign use or had an unreadable past.
        public static let quarantined = Self(rawValue: "quarantined")
    }

    /// When; never decides the order, which ``number`` does, since clocks are set back.
    public var time: Timestamp
    /// What happened.
    public var kind: Kind
    /// To which address.
    public var address: IPAddress
    /// The pool of the claim; empty for a quarantine, like all that follows.
    public var pool: String
    /// Who owns the address from now on; for a release, who did. Controllers are not recorded.
    public var owner: Claim.Owner
    /// Interface name inside the container.
    public var interface: String
    /// The sandbox, after the event; the last one for an end of it. Empty for the release of what was retained.
    public var containerID: String
    /// The node on which the owner runs.
    public var node: String
    /// Sequence number of the claim.
    public var sequence: UInt64
    /// The hardware address that used the address, for a quarantine; `nil` when nobody was seen.
    public var holder: MACAddress?
    /// The place of the event in the order of all; 0 before it is stored.
    public var number: Int64 = 0

    /// Whether the address has an owner after the event.
    public var leavesOwner: Bool { kind != .released && kind != .quarantined }

    /// `namespace/name`, the name alone, or the UID of a workload that nobody named.
    public var ownerName: String { owner.text }

    /// Makes the event of a claim.
    init(_ kind: Kind, _ claim: Claim, at time: Timestamp) {
        self.time = time
        self.kind = kind
        address = claim.address
        pool = claim.pool
        owner = Claim.Owner(namespace: claim.owner.namespace, name: claim.owner.name, uid: claim.owner.uid)
        interface = claim.interface
        containerID = claim.containerID
        node = claim.node
        sequence = claim.sequence
    }

    /// Makes the event of an address without an owner.
    init(_ kind: Kind, _ address: IPAddress, holder: MACAddress?, at time: Timestamp) {
        self.init(
            kind,
            Claim(address: address, pool: "", owner: Claim.Owner(uid: ""), interface: "", containerID: "", since: time),
            at: time)
        self.holder = holder
    }
}

extension HistoryEvent.Kind: CustomStringConvertible {
    /// The text of the kind.
    public var description: String { rawValue }
}
