public import IPAMCore
public import IPAMEngine
public import PoolModel

/// What one ADD asks for: who asks, what everybody says about its pools, and what is known about it.
public struct Allocation: Sendable {
    /// What everybody says about the pools of the interface; the interfaces served before are looked up in the file.
    public var instructions: PoolInstructions
    /// What the conditions of pools are compared with.
    public var facts: SelectionFacts
    /// Who will own the addresses.
    public var owner: Claim.Owner
    /// The container that asks.
    public var containerID: String
    /// Name of the CNI network.
    public var network = ""
    /// The node.
    public var node = ""
    /// Boot ID of the running host; empty when it is not known.
    public var bootID = ""
    /// The moment of the request.
    public var now: Timestamp
    /// How many of the families are needed.
    public var policy = FamilyPolicy.all
    /// The particular addresses that will do.
    public var wanted: [AddressFamily: IPAddress] = [:]
    /// Whether the owner keeps its addresses when the container ends.
    public var isFixed = false

    /// Makes a request; what it does not mention is set afterwards.
    public init(
        _ instructions: PoolInstructions, facts: SelectionFacts, owner: Claim.Owner, containerID: String, now: Timestamp
    ) {
        self.instructions = instructions
        self.facts = facts
        self.owner = owner
        self.containerID = containerID
        self.now = now
    }

    /// What a repetition of the request is recognised by.
    public var identity: Claim.Identity { Claim.Identity(uid: owner.uid, interface: instructions.interface) }

    /// What its DEL is recognised by.
    public var attachment: Claim.Attachment {
        Claim.Attachment(containerID: containerID, interface: instructions.interface)
    }
}

/// What came of an ``Allocation``, with everything that led to it.
public struct AllocationOutcome: Sendable {
    /// Who decides about the pools; `nil` when that cannot be told.
    public internal(set) var plan: PoolPlan?
    /// Which pools may serve; `nil` when it did not come so far.
    public internal(set) var prepared: PreparedSelection?
    /// What a restarted workload gave back because its pools changed.
    public internal(set) var released: [OutdatedPools.Release] = []
    /// The claims, or why there are none.
    public internal(set) var answer: Result<[Claim], AllocationRefusal> = .success([])
}

/// Why a request gets no address.
public enum AllocationRefusal: Error, Sendable, Hashable {
    /// No pool may serve it.
    case selection(PoolSelectionError)
    /// The pools that may have nothing for it.
    case allocation(AllocationError)
}

extension AllocationRefusal: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .selection(let error): "\(error)"
        case .allocation(let error): "\(error)"
        }
    }
}
