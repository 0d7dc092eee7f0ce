public import IPAMCore

/// Which pools serve an interface, in which order, and why the others do not: a pure function of the request, what is
/// known about who asks, and all pools.
///
/// ```swift
/// let selection = PoolSelection(PoolRequest(interface: "eth0"), facts: facts, pools: pools)
/// for choice in try selection.outcome.get() {
///     print(choice.family, choice.candidates.map(\.name))  // IPv4 ["rack-a", "rack-b"]
/// }
/// ```
public struct PoolSelection: Sendable {
    /// The pools of one family that were considered.
    public struct Choice: Sendable {
        /// The family.
        public let family: AddressFamily
        /// Every pool that was considered, in the order of the list, patterns replaced by what they match.
        public let verdicts: [Verdict]
        /// The pools that may serve, the one to try first in front.
        public let candidates: [SpiderIPPool]
        /// Patterns that no pool of the family matches.
        public let unmatchedPatterns: [String]
    }

    /// What was decided about one pool.
    public struct Verdict: Sendable, Hashable {
        /// The pool's name.
        public let pool: String
        /// Why the pool does not serve; `nil` when it does.
        public let refusal: PoolRefusal?

        /// Whether the pool may serve.
        public var isAccepted: Bool { refusal == nil }
    }

    /// The name of the interface.
    public let interface: String
    /// Who named the pools.
    public let origin: PoolOrigin
    /// Who else names pools, and why that does not count, in the order of precedence.
    public let passedOver: [PassedOverSource]
    /// Every family that was considered, also when nothing came of it.
    public let considered: [Choice]
    /// For each family that gets an address, its candidates (never none), or why the request cannot be served.
    ///
    /// A family whose patterns match nothing is left out as long as another family remains.
    public let outcome: Result<[Choice], PoolSelectionError>

    /// Selects pools.
    ///
    /// - Complexity: O(n log n) in the number of pools, plus the matching of patterns and conditions.
    public init(_ request: PoolRequest, facts: SelectionFacts, pools: [SpiderIPPool]) {
        interface = request.interface
        let origin = request.origin
        self.origin = origin
        passedOver = request.passedOver + request.sources.dropFirst().map { .init($0.origin, .outranked(by: origin)) }
        var considered: [Choice] = []
        do throws(PoolSelectionError) {
            for family in request.families {
                let list = try PoolList(request, family: family, pools: pools)
                guard !list.isEmpty else { continue }
                considered.append(Choice(list, interface: request.interface, facts: facts))
            }
            outcome = .success(try Self.choose(from: considered, for: request))
        } catch {
            outcome = .failure(error)
        }
        self.considered = considered
    }

    private static func choose(
        from considered: [Choice], for request: PoolRequest
    ) throws(PoolSelectionError) -> [Choice] {
        let served = considered.filter { !$0.verdicts.isEmpty }
        guard !served.isEmpty else {
            throw .noPool(for: request, patterns: considered.flatMap(\.unmatchedPatterns))
        }
        for choice in served where choice.candidates.isEmpty {
            throw .allFiltered(family: choice.family, interface: request.interface, verdicts: choice.verdicts)
        }
        return served
    }
}

extension PoolSelection.Choice {
    init(_ list: PoolList, interface: String, facts: SelectionFacts) {
        family = list.family
        unmatchedPatterns = list.unmatchedPatterns
        var verdicts: [PoolSelection.Verdict] = []
        var accepted: [(place: Int, precedence: UInt8, pool: SpiderIPPool)] = []
        for entry in list.entries {
            let cause =
                entry.pool.map { $0.refusal(family: list.family, interface: interface, facts: facts) } ?? .missing
            let refusal = cause.map { PoolRefusal(pool: entry.name, cause: $0) }
            verdicts.append(PoolSelection.Verdict(pool: entry.name, refusal: refusal))
            if refusal == nil, let pool = entry.pool { accepted.append((accepted.count, pool.precedence, pool)) }
        }
        accepted.sort { ($1.precedence, $0.place) < ($0.precedence, $1.place) }
        self.verdicts = verdicts
        candidates = accepted.map(\.pool)
    }
}
