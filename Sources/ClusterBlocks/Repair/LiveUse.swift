public import IPAMCore

/// What a live sandbox of this node uses, as the agent's ledger says.
public struct LiveUse: Sendable, Hashable {
    /// The claims as they were given: one for each address of one interface.
    public var claims: [Claim]

    /// Makes a record.
    ///
    /// - Precondition: all claims have the same identity and attachment, and there is at least one.
    public init(_ claims: [Claim]) {
        precondition(!claims.isEmpty, "whoever uses nothing needs no repair")
        self.claims = claims
    }

    /// The blocks of the addresses.
    public var keys: [BlockKey] { Set(claims.map { BlockKey(containing: $0.address) }).sorted() }
}

/// An address that a live sandbox uses although it belongs to somebody else by now.
public struct RepairConflict: Sendable, Hashable {
    /// What the sandbox was given.
    public var used: Claim
    /// Who has it in the block; `nil` when it is in quarantine.
    public var owner: Claim?

    /// Makes a record.
    public init(used: Claim, owner: Claim?) {
        self.used = used
        self.owner = owner
    }
}
