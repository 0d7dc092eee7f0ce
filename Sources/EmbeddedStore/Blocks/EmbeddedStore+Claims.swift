public import IPAMCore
public import IPAMEngine

extension EmbeddedStore {
    /// All claims in ascending order of their addresses.
    ///
    /// Need not run inside a transaction: it sees one moment.
    public func claims() throws(StoreError) -> [Claim] {
        var claims: [Claim] = []
        try forEachBlock(
            from: BlockKey(containing: .lowest(of: .ipv4)), through: BlockKey(containing: .highest(of: .ipv6))
        ) { claims.append(contentsOf: $0.block.claims) }
        return claims
    }

    /// The addresses that are in quarantine at a moment, in ascending order.
    public func quarantines(at now: Timestamp) throws(StoreError) -> [Rest] {
        try blocks().flatMap { $0.rests.filter { $0.isQuarantined(at: now) } }
    }

    /// All blocks in ascending order of their addresses.
    public func blocks() throws(StoreError) -> [Block] {
        var blocks: [Block] = []
        try forEachBlock(
            from: BlockKey(containing: .lowest(of: .ipv4)), through: BlockKey(containing: .highest(of: .ipv6))
        ) { blocks.append($0.block) }
        return blocks
    }

    /// The claims of one container and interface, IPv4 first.
    public mutating func claims(of attachment: Claim.Attachment) throws(StoreError) -> [Claim] {
        guard case .blocks(let blocks) = try answer(.owned([OwnerSearch(attachment)])) else { return [] }
        return blocks.flatMap(\.block.claims).filter { $0.attachment == attachment }
    }

    /// The claims of one identity, IPv4 first.
    public mutating func claims(ofIdentity identity: Claim.Identity) throws(StoreError) -> [Claim] {
        guard case .blocks(let blocks) = try answer(.owned([OwnerSearch(identity)])) else { return [] }
        return blocks.flatMap(\.block.claims).filter { $0.identity == identity }
    }

    /// The interfaces for which a UID or container owns addresses, `eth0` first, then by name.
    public func interfaces(ownedBy owner: String) throws(StoreError) -> [String] {
        var names: [String] = []
        try database.query(
            "SELECT DISTINCT interface FROM owners WHERE owner = ? ORDER BY interface <> 'eth0', interface",
            [.text(owner)]
        ) { row in
            names.append(row.text(0))
            return true
        }
        return names
    }

    /// Frees the claims that a reboot made void, if this is the first use after one.
    ///
    /// - Parameters:
    ///   - bootID: Boot ID of the running host.
    ///   - now: The present moment; the freed addresses cool from here on.
    ///   - policy: How long they cool.
    /// - Returns: what was freed.
    /// - Throws: ``StoreError`` when the file cannot be used.
    /// - Precondition: runs inside ``transaction(durably:_:)``.
    public mutating func dropVoidClaims(
        bootID: String, now: Timestamp, policy: ReusePolicy = ReusePolicy()
    ) throws(StoreError) -> [Claim] {
        guard try meta("boot", { $0.text(0) }) != bootID else { return [] }
        var affected: [StoredBlock] = []
        func isVoid(_ claim: Claim) -> Bool { claim.isVoid(on: bootID) }
        try forEachBlock(
            from: BlockKey(containing: .lowest(of: .ipv4)), through: BlockKey(containing: .highest(of: .ipv6))
        ) { stored in
            if stored.block.claims.contains(where: isVoid) { affected.append(stored) }
        }
        var ended: [Claim] = []
        for index in affected.indices {
            for claim in affected[index].block.claims where isVoid(claim) {
                let freed = affected[index].block.release(
                    claim.address, at: now, restingUntil: now.adding(policy.coolingTime), if: isVoid)
                if let freed { ended.append(freed) }
            }
        }
        if !affected.isEmpty { _ = try answer(.write(affected)) }
        try database.run("UPDATE meta SET value = ? WHERE key = 'boot'", [.text(bootID)])
        return ended
    }

    /// Has the next ``dropVoidClaims(bootID:now:policy:)`` look at all claims.
    func forgetBoot() throws(StoreError) {
        try database.run("UPDATE meta SET value = '' WHERE key = 'boot'")
    }

    /// What the names of cursors in `meta` begin with.
    static let cursorPrefix = "cursor/"

    /// Forgets how far the pools are used.
    func dropCursors() throws(StoreError) {
        // "0" comes next after "/".
        try database.run("DELETE FROM meta WHERE key >= 'cursor/' AND key < 'cursor0'")
    }

    /// One of the values that concern the whole file.
    func meta<Result>(_ key: String, _ read: (borrowing Row) -> Result) throws(StoreError) -> Result? {
        try database.first("SELECT value FROM meta WHERE key = ?", [.text(key)], read: read)
    }
}
