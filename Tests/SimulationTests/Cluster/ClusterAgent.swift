import ClusterBlocks
import IPAMCore
import IPAMEngine

/// The agent of one node: the real queue, engine and knowledge, and what of them survives a crash.
struct ClusterAgent {
    enum State {
        case idle
        /// Some of the calls are answered.
        case calling([BlockCall], [BlockCallResult?])
        /// For the list of its blocks.
        case waiting
    }

    let node: String
    /// Milliseconds that its clock is ahead.
    var clockOffset: Int64 = 0
    var blocks: ClusterBlocks
    var queue = RequestQueue()
    var tickets: [RequestQueue.Ticket: Int] = [:]
    var state = State.idle
    /// Up to which version it has seen the events; `nil` when it has to list.
    var position: UInt64?
    /// What had been seen when a list was asked for that is on its way.
    var listing: UInt64?
    /// Whether the ledger has to be compared with the blocks.
    var isRepairing = false

    // On disk.

    /// What sandboxes were given, by workload and generation.
    var ledger: [Int: (generation: Int, claims: [Claim])] = [:]
    /// Blocks of others in which it may have written.
    var guestKeys: Set<BlockKey> = []

    init(node: String, seed: UInt64) {
        self.node = node
        blocks = ClusterBlocks(node: node, random: SplitMix64(seed: seed))
    }

    /// Goes on until calls are needed.
    mutating func follow(_ step: ClusterStep, _ now: MonotonicInstant) -> String? {
        var step = step
        while true {
            switch step {
            case .calls(let calls):
                for call in calls {
                    if case .update(let object, _) = call, object.node != blocks.label {
                        guestKeys.insert(object.block.key)
                    }
                }
                state = .calling(calls, Array(repeating: nil, count: calls.count))
                return nil
            case .wait:
                state = .waiting
                position = nil
                return nil
            case .refused(let words):
                return words
            case .answer(let answer):
                guard let question = queue.resume(answer, at: now) else {
                    state = .idle
                    return nil
                }
                step = blocks.ask(question, at: now)
            }
        }
    }

    mutating func begin(_ now: MonotonicInstant) -> String? {
        guard case .idle = state else { return nil }
        blocks.startBatch(at: now)
        guard let question = queue.begin(at: now) else { return nil }
        return follow(blocks.ask(question, at: now), now)
    }
}
