public import IPAMCore
public import PoolModel

/// What one ADD asks for: who asks, what everybody says about its pools, and what is known about it.
public struct Allocation: Sendable {
    /// What everybody says about the pools of the interface; the interfaces served before are asked for.
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
