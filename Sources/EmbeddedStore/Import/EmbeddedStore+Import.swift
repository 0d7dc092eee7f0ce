public import IPAMCore
internal import IPAMEngine
public import PoolModel

/// What an import did, or would do.
public struct ImportOutcome: Sendable {
    /// What became of the pools and reservations that came along, in order; `unchanged` are those that existed.
    public let resources: [AppliedResource]
    /// What became of the records.
    public let plan: ImportPlan
    /// Whether anything was written.
    public let isApplied: Bool
}

/// When and where an import happens.
public struct ImportCircumstances: Sendable, Hashable {
    /// The program whose records are adopted.
    public var source: ImportSource
    /// The present moment.
    public var now: Timestamp
    /// Boot ID of the running host; empty when it is not known.
    public var bootID: String
    /// The name of this host.
    public var node: String
    /// The interface of records that name none.
    public var assumedInterface: String

    /// Makes circumstances.
    public init(
        source: ImportSource, now: Timestamp, bootID: String, node: String, assumedInterface: String = "eth0"
    ) {
        self.source = source
        self.now = now
        self.bootID = bootID
        self.node = node
        self.assumedInterface = assumedInterface
    }
}

extension EmbeddedStore {
    /// Adopts the records of another program: all that the plan adopts, on the disk, or nothing.
    ///
    /// The plan is made and carried out within one transaction, so nobody can take an address in between. Pools and
    /// reservations that come along are created unless they exist. Repeating an import changes nothing.
    ///
    /// - Parameters:
    ///   - reading: The records, with the resources that came along.
    ///   - circumstances: When and where.
    ///   - isWanted: Looks at the plan and says whether it is carried out; otherwise nothing changes.
    /// - Returns: the plan, and whether it was carried out.
    /// - Throws: ``TransactionFailure``: the resources that were refused, or the failure of the file.
    public mutating func adopt(
        _ reading: ImportReading, _ circumstances: ImportCircumstances, if isWanted: (ImportPlan) -> Bool
    ) throws(TransactionFailure<ApplyFailure>) -> ImportOutcome {
        var resources: [AppliedResource] = []
        var plan = ImportPlan([], pools: [], reservations: [], existing: [])
        var isApplied = false
        do throws(TransactionFailure<ApplyFailure>) {
            try transaction(durably: true) { store throws(ApplyFailure) in
                try store.forgetVoidClaims(bootID: circumstances.bootID, now: circumstances.now)
                resources = try store.applyAll(
                    reading.resources.map(\.resource), now: circumstances.now, keepsExisting: true)
                plan = try store.stored { store throws(StoreError) in
                    ImportPlan(
                        reading.claims, pools: try store.pools(), reservations: try store.reservations(),
                        existing: try store.claims(), assumedInterface: circumstances.assumedInterface)
                }
                guard isWanted(plan) else { throw .dryRun }
                try store.stored { store throws(StoreError) in
                    try store.adopt(plan.adoptions, reading.blocks, circumstances)
                }
                isApplied = true
            }
        } catch {
            guard case .refused(.dryRun) = error else { throw error }
        }
        return ImportOutcome(resources: resources, plan: plan, isApplied: isApplied)
    }

    private mutating func adopt(
        _ entries: [ImportPlan.Entry], _ exported: [Block], _ circumstances: ImportCircumstances
    ) throws(StoreError) {
        var blocks: [BlockKey: (stored: StoredBlock, before: Block)] = [:]
        func change(_ key: BlockKey, _ body: (inout Block) throws(StoreError) -> Void) throws(StoreError) {
            var entry: (stored: StoredBlock, before: Block)
            if let known = blocks[key] {
                entry = known
            } else {
                let stored = try load(key)
                entry = (stored, stored.block)
            }
            try body(&entry.stored.block)
            blocks[key] = entry
        }
        var hasEarlierBoot = false
        for entry in entries {
            guard case .adopt(let pool) = entry.verdict else { continue }
            let claim = Claim(entry, pool, circumstances)
            hasEarlierBoot = hasEarlierBoot || !claim.bootID.isEmpty && claim.bootID != circumstances.bootID
            try change(BlockKey(containing: claim.address)) { block throws(StoreError) in
                let isTaken =
                    if entry.claim.claim != nil { block.restore(claim) } else if case .claimed = block.claim(claim) {
                        true
                    } else { false }
                guard isTaken else {
                    throw StoreError(.damaged, path: path, detail: "\(claim.address) has an owner that is not listed")
                }
            }
        }
        for block in exported {
            try change(block.key) { own throws(StoreError) in
                for rest in block.rests { _ = own.restore(rest) }
                own.continueFrom(sequence: block.sequence)
            }
        }
        let changed = blocks.values.filter { $0.stored.block != $0.before }.map(\.stored)
        if !changed.isEmpty {
            guard case .written = try answer(.write(changed.sorted { $0.block.key < $1.block.key })) else {
                throw StoreError(.busy, path: path, detail: "a block changed within the transaction")
            }
        }
        // What an earlier start of the host made void is found at the next ADD.
        if hasEarlierBoot { try forgetBoot() }
    }
}

extension Claim {
    /// The claim that a record becomes.
    ///
    /// What names containers of this host alone ends with its next start. Records of a cluster carry no boot ID: they
    /// may be of another node, and end with a DEL only. Those of an export are taken as they are.
    fileprivate init(_ entry: ImportPlan.Entry, _ pool: String, _ circumstances: ImportCircumstances) {
        if var claim = entry.claim.claim {
            claim.pool = pool
            self = claim
            return
        }
        let isLocal = circumstances.source.endsWithReboot
        self.init(
            address: entry.claim.address, pool: pool, owner: entry.claim.owner, interface: entry.interface,
            containerID: entry.claim.containerID, network: entry.claim.network,
            node: isLocal ? circumstances.node : entry.claim.node, bootID: isLocal ? circumstances.bootID : "",
            since: circumstances.now)
    }
}
