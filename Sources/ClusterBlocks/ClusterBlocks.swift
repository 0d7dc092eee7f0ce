public import IPAMCore
public import IPAMEngine
public import PoolModel

/// What one agent knows about the blocks of its cluster, and how it finds out what it does not know.
///
/// It answers the engine's questions, if it can, and otherwise says which calls of the API server it takes. It makes no
/// calls itself, reads no clock, and draws its random numbers from a source that it is given: so the same code runs over
/// HTTP and in a simulation in which every call can come late, be lost, or be answered from the past.
///
/// It knows the blocks with the label of its own node from a watch, and those of other nodes in which its node has
/// claims from its own writes; of all others only a few numbers, from lists of areas that it asks for when it needs room.
///
/// ```text
///   RequestQueue ── question ──► ask ──► .answer ─────────────────────────────► resume (queue)
///                                 └────► .calls([read, update …]) ──► API ──► resume ──► …
/// ```
public struct ClusterBlocks: Sendable {
    /// The node whose agent this is.
    public let node: String
    /// The label of its blocks.
    public let label: String
    let settings: ClusterBlocksSettings
    var random: SplitMix64

    // What is known.

    var known = KnownBlocks()
    /// By area, for the areas that were asked for lately.
    var surveys: [BlockArea: AreaSurvey] = [:]
    /// The highest version of anything that was seen.
    var highestVersion: UInt64 = 0
    /// Whether the list of the own blocks is there, so that all that the node has written is known.
    public internal(set) var isComplete = false
    /// How often the API server was found to have gone back to an earlier state.
    public internal(set) var restorations = 0
    /// What is wrong with objects that cannot be read, by name.
    public internal(set) var problems: [String: InvalidResource] = [:]
    /// Blocks that have to be read before it is said what somebody owns.
    var unread: Set<BlockKey> = []
    /// Blocks that every batch reads first, with the number of requests that want it.
    var pinned: [BlockKey: Int] = [:]

    // The batch under way.

    var batchBegin = MonotonicInstant(sinceBoot: .zero)
    /// Blocks that were read since the batch began.
    var fresh: Set<BlockKey> = []
    var question: StoreQuestion?
    /// The calls that are under way, and what was known when they began.
    var outstanding: [(call: BlockCall, version: UInt64)] = []
    var callsBegin = MonotonicInstant(sinceBoot: .zero)
    var attempts: [WriteAttempt] = []
    var refusal: String?

    /// Makes the knowledge of an agent that knows nothing yet.
    ///
    /// - Parameters:
    ///   - node: Name of its node.
    ///   - settings: Times.
    ///   - random: Where the names of writes come from; no two agents, and no two lives of one, may have the same.
    public init(node: String, settings: ClusterBlocksSettings = ClusterBlocksSettings(), random: SplitMix64) {
        self.node = node
        label = BlockLabels.node(node)
        self.settings = settings
        self.random = random
    }

    /// The claims of this node that are known, in no particular order.
    public var claims: [Claim] {
        known.all.flatMap { known in known.stored.block.claims.filter { $0.node == node } }
    }

    /// Reads some blocks before it is said again what somebody owns.
    ///
    /// For what the watch of the own blocks does not tell: claims in blocks of other nodes after a restart of the agent.
    public mutating func learn(_ keys: [BlockKey]) { unread.formUnion(keys) }

    /// Reads some blocks in every batch, before it is said what somebody owns, until ``unpin(_:)``.
    ///
    /// For a request of a workload that may come from another node: from before it is submitted until it is answered.
    public mutating func pin(_ keys: [BlockKey]) {
        for key in keys { pinned[key, default: 0] += 1 }
    }

    /// Takes one ``pin(_:)`` back.
    public mutating func unpin(_ keys: [BlockKey]) {
        for key in keys {
            let count = pinned[key, default: 0] - 1
            pinned[key] = count > 0 ? count : nil
        }
    }

    // MARK: Questions

    /// Begins a batch of requests, all of which have arrived by now.
    public mutating func startBatch(at now: MonotonicInstant) {
        batchBegin = now
        fresh = []
        for block in known.all where !isWorthKnowing(block) { known.remove(block.key) }
        let limit = settings.surveyAge
        for (area, survey) in surveys where survey.begin.duration(to: now) > limit { surveys[area] = nil }
    }

    /// Ends the batch under way although its question was not answered.
    public mutating func abandon() {
        // Nobody knows what came of these, and the own claims in them have to be known.
        for attempt in attempts { unread.insert(attempt.key) }
        (question, attempts, outstanding, refusal) = (nil, [], [], nil)
    }

    /// Takes a question of the engine.
    ///
    /// - Parameters:
    ///   - question: The question.
    ///   - now: The present point.
    /// - Returns: the answer, or what it takes to find it.
    public mutating func ask(_ question: StoreQuestion, at now: MonotonicInstant) -> ClusterStep {
        self.question = question
        if case .write(let blocks) = question { beginWriting(blocks) }
        return step(now)
    }

    /// Goes on after calls, or after the list that it waited for.
    ///
    /// - Parameters:
    ///   - results: What came of the calls, in their order.
    ///   - now: The present point.
    /// - Returns: the answer, or what else it takes.
    public mutating func resume(_ results: [BlockCallResult], at now: MonotonicInstant) -> ClusterStep {
        let calls = outstanding
        outstanding = []
        for (sent, result) in zip(calls, results) { absorb(result, of: sent.call, since: sent.version) }
        return step(now)
    }

    private mutating func step(_ now: MonotonicInstant) -> ClusterStep {
        if let refusal { return .refused(refusal) }
        guard isComplete else { return .wait }
        let finding = find(now)
        callsBegin = now
        switch finding {
        case .answer: (question, attempts) = (nil, [])
        case .calls(let calls): outstanding = calls.map { ($0, versionKnown(to: $0)) }
        default: break
        }
        return finding
    }

    private func versionKnown(to call: BlockCall) -> UInt64 {
        if case .read(let key) = call { known[key]?.resourceVersion ?? 0 } else { highestVersion }
    }

    private mutating func find(_ now: MonotonicInstant) -> ClusterStep {
        switch question {
        case nil: return .wait
        case .owned(let searches):
            let calls = unread.union(pinned.keys).filter { !fresh.contains($0) }.sorted().map { BlockCall.read($0) }
            guard calls.isEmpty else { return .calls(calls) }
            unread = []
            return .answer(.blocks(known.blocks(foundBy: searches)))
        case .blocks(let keys):
            let calls = keys.filter { !isUpToDate($0) }.map { BlockCall.read($0) }
            guard calls.isEmpty else { return .calls(calls) }
            return .answer(.blocks(keys.map { known[$0]?.stored ?? StoredBlock(Block($0), version: 0) }))
        case .vacancies(let candidate, let freshness, let moment, let planned):
            return findRoom(RoomSearch(candidate, freshness, moment, planned), now)
        case .usage(let candidates, let moment):
            return count(candidates, moment, now)
        case .write:
            return continueWriting()
        }
    }

    /// Whether what is known of a block is as good as what would be read: the own ones are watched.
    func isUpToDate(_ key: BlockKey) -> Bool { fresh.contains(key) || known[key]?.node == label }

    /// Whether a block is worth its memory beyond a batch.
    private func isWorthKnowing(_ block: KnownBlock) -> Bool {
        block.node == label || block.stored.block.claims.contains { $0.node == node }
    }
}
