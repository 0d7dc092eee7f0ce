public import IPAMCore

/// What becomes of the records of another program: a pure function of them and of what is there.
///
/// An address in use must never be handed out, so also one that is excluded or reserved is adopted. What nobody would
/// hand out, since no pool has it, is a conflict: the plan does not make pools up.
public struct ImportPlan: Sendable {
    /// What becomes of one record.
    public enum Verdict: Sendable, Hashable {
        /// It becomes a claim on an address of this pool.
        case adopt(pool: String)
        /// The claim is there already.
        case present(pool: String)
        /// It cannot be adopted; the text says why and what to do.
        case conflict(String)
    }

    /// One record with its verdict.
    public struct Entry: Sendable, Hashable {
        /// The record.
        public let claim: ImportedClaim
        /// The interface, assumed where the record says none.
        public let interface: String
        /// What becomes of it.
        public let verdict: Verdict
        /// What the administrator should know.
        public let warnings: [String]
    }

    /// The records in ascending order of their addresses; one that is repeated stands once.
    public let entries: [Entry]

    /// The records that cannot be adopted.
    public var conflicts: [Entry] {
        entries.filter { if case .conflict = $0.verdict { true } else { false } }
    }

    /// The records that become claims.
    public var adoptions: [Entry] {
        entries.filter { if case .adopt = $0.verdict { true } else { false } }
    }

    /// Makes the plan.
    ///
    /// - Parameters:
    ///   - claims: The records.
    ///   - pools: The pools that exist.
    ///   - reservations: The reservations that exist.
    ///   - existing: The claims that exist.
    ///   - assumedInterface: The interface of records that name none.
    /// - Complexity: O(n · p · log r) for n records, and p pools of r ranges.
    public init(
        _ claims: [ImportedClaim], pools: [SpiderIPPool], reservations: [SpiderReservedIP], existing: [Claim],
        assumedInterface: String = "eth0"
    ) {
        var planner = ImportPlanner(pools, reservations, existing, assumedInterface)
        let recorded = claims.filter { $0.interface != nil }
        let assumed = claims.filter { $0.interface == nil }
        entries = planner.decide(recorded + assumed).sorted { $0.claim.address < $1.claim.address }
    }
}
