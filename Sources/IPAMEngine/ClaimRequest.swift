public import IPAMCore

/// What one ADD asks for: an address of each wanted family for one interface of one workload.
public struct ClaimRequest: Sendable {
    /// Who will own the addresses.
    public var owner: Claim.Owner
    /// Interface name inside the container.
    public var interface: String
    /// The sandbox that asks.
    public var containerID: String
    /// Name of the CNI network.
    public var network: String
    /// The node on which the workload runs.
    public var node: String
    /// Boot ID of the host when a reboot makes the claim void, otherwise empty; a fixed claim outlives a reboot anyway.
    public var bootID: String
    /// The moment of the request.
    public var now: Timestamp
    /// The wanted families in the order of the result, each at most once.
    public var demands: [FamilyDemand]
    /// How many of the families must be satisfied.
    public var policy: FamilyPolicy
    /// Whether the identity is stable: its addresses are kept when its container ends, until somebody reclaims them.
    public var isFixed: Bool
    /// The addresses that each existing pool declares, by pool name: what the identity already has is kept if it still
    /// belongs to its pool, even when that pool would not be chosen today.
    public var declaredAddresses: [String: AddressSet]

    /// Makes a request.
    public init(
        owner: Claim.Owner, interface: String, containerID: String, network: String = "", node: String = "",
        bootID: String = "", now: Timestamp, demands: [FamilyDemand], policy: FamilyPolicy = .all,
        isFixed: Bool = false, declaredAddresses: [String: AddressSet]
    ) {
        self.owner = owner
        self.interface = interface
        self.containerID = containerID
        self.network = network
        self.node = node
        self.bootID = bootID
        self.now = now
        self.demands = demands
        self.policy = policy
        self.isFixed = isFixed
        self.declaredAddresses = declaredAddresses
    }

    /// What a repetition of the request is recognised by.
    public var identity: Claim.Identity { Claim.Identity(uid: owner.uid, interface: interface) }

    /// What the DEL of the request is recognised by.
    public var attachment: Claim.Attachment { Claim.Attachment(containerID: containerID, interface: interface) }
}

/// How many of the wanted families a request needs.
public enum FamilyPolicy: String, Sendable, Hashable, CaseIterable {
    /// Every one, or none at all.
    case all
    /// As many as can be served, at least one.
    case any
    /// One: the first that can be served.
    case first
}

/// One wanted family and the pools that may serve it, best first.
public struct FamilyDemand: Sendable {
    /// The family.
    public var family: AddressFamily
    /// The pools in the order in which they are tried; the next is tried only when the earlier has no address left.
    public var candidates: [PoolCandidate]
    /// The one address that will do; `nil` when any will.
    public var wanted: IPAddress?

    /// Makes a demand.
    public init(family: AddressFamily, candidates: [PoolCandidate], wanted: IPAddress? = nil) {
        self.family = family
        self.candidates = candidates
        self.wanted = wanted
    }
}

/// A pool as the engine sees it: a name and the addresses that it may hand out now.
public struct PoolCandidate: Sendable {
    /// Name of the pool, as recorded in claims.
    public var pool: String
    /// The addresses that may be handed out: declared, not excluded, not reserved.
    public var addresses: AddressSet

    /// Makes a candidate.
    public init(pool: String, addresses: AddressSet) {
        self.pool = pool
        self.addresses = addresses
    }
}

/// The times that govern reuse.
public struct ReusePolicy: Sendable, Hashable {
    /// How long a released address is spared while anything else is free.
    public var coolingTime: Duration
    /// How long an address that was seen in foreign use is not handed out at all.
    public var quarantineTime: Duration

    /// Makes a policy; by default 30 seconds and 10 minutes.
    public init(coolingTime: Duration = .seconds(30), quarantineTime: Duration = .seconds(600)) {
        self.coolingTime = coolingTime
        self.quarantineTime = quarantineTime
    }
}
