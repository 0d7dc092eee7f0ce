public import IPAMCore

/// Requests that wait for one store: those that arrive while a write is under way go out together in the next one.
///
/// First come, first served; only of two requests for one workload or sandbox on one interface the later one waits for
/// the next batch, since after a conflict the earlier one might be decided again, and then after it. A request leaves the queue when it was answered, when its deadline has passed, or when
/// whoever asked gives up. The queue neither waits nor reads a clock; whoever owns it carries its questions to the store:
///
/// ```swift
/// let ticket = try queue.submit(.claim(process), deadline: deadline)
/// var question = queue.begin(at: .now)
/// while let asked = question { question = queue.resume(try store.answer(asked), at: .now) }
/// for answer in queue.takeAnswers() { … }
/// ```
public struct RequestQueue: Sendable {
    /// Names a request until it is answered.
    public struct Ticket: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    /// What came of a request.
    public struct Answer: Sendable {
        /// Which request.
        public let ticket: Ticket
        /// What it got, or why it got nothing.
        public let result: Result<BatchOutcome, AllocationError>
    }

    private struct Entry {
        let ticket: Ticket
        let request: BatchRequest
        let deadline: MonotonicInstant?
    }

    /// How many requests may wait besides those under way.
    public let capacity: Int
    /// How many requests go out together at most.
    public let batchLimit: Int

    private var waiting: [Entry] = []
    private var underWay: [Entry] = []
    private var batch = BatchProcess([])
    private var answers: [Answer] = []
    private var lastNumber: UInt64 = 0

    /// Makes an empty queue.
    public init(capacity: Int = 1000, batchLimit: Int = 128) {
        self.capacity = capacity
        self.batchLimit = batchLimit
    }

    /// How many requests wait for the next batch.
    public var waitingCount: Int { waiting.count }

    /// Whether a batch is under way.
    public var isBusy: Bool { !underWay.isEmpty }

    /// The earliest deadline of a request that is not answered yet.
    public var nextDeadline: MonotonicInstant? { (underWay + waiting).compactMap(\.deadline).min() }

    /// Adds a request at the end.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - deadline: From when on nobody needs an answer.
    /// - Returns: what the answer will carry.
    /// - Throws: ``AllocationError/Code/queueFull``.
    public mutating func submit(
        _ request: BatchRequest, deadline: MonotonicInstant? = nil
    ) throws(AllocationError) -> Ticket {
        guard waiting.count < capacity else {
            throw AllocationError(.queueFull, reasons: ["\(capacity) requests are waiting"])
        }
        lastNumber += 1
        let ticket = Ticket(number: lastNumber)
        waiting.append(Entry(ticket: ticket, request: request, deadline: deadline))
        return ticket
    }

    /// Takes a request out, since whoever asked gives up.
    ///
    /// It is answered with ``AllocationError/Code/withdrawn``; but when its write was under way already, with what was
    /// written.
    public mutating func withdraw(_ ticket: Ticket) {
        leave(AllocationError(.withdrawn)) { $0.ticket == ticket }
    }

    /// Takes out the requests whose deadline has passed; they are answered with ``AllocationError/Code/deadline``.
    public mutating func expire(at now: MonotonicInstant) {
        leave(AllocationError(.deadline)) { $0.deadline.map { $0 <= now } ?? false }
    }

    private mutating func leave(_ error: AllocationError, where isLeaving: (Entry) -> Bool) {
        for entry in waiting where isLeaving(entry) {
            answers.append(Answer(ticket: entry.ticket, result: .failure(error)))
        }
        waiting.removeAll(where: isLeaving)
        for (position, entry) in underWay.enumerated() where isLeaving(entry) {
            batch.withdraw(position, because: error)
        }
    }

    /// Begins the next batch.
    ///
    /// - Parameter now: The present point.
    /// - Returns: what to ask the store; `nil` when nothing waits or a batch is under way.
    public mutating func begin(at now: MonotonicInstant) -> StoreQuestion? {
        expire(at: now)
        guard underWay.isEmpty, !waiting.isEmpty else { return nil }
        gather()
        batch = BatchProcess(underWay.map(\.request))
        return follow(batch.begin())
    }

    /// Takes the next batch out of those who wait.
    private mutating func gather() {
        var seen = OwnerTable(capacity: 2 * min(waiting.count, batchLimit))
        var staying: [Entry] = []
        for (place, entry) in waiting.enumerated() {
            guard underWay.count < batchLimit else {
                staying.append(contentsOf: waiting[place...])
                break
            }
            var isAlone = true
            if let search = BatchMember(entry.request).search {
                search.forEachHash { if seen.contains($0) { isAlone = false } }
                // Also of one that stays: whoever comes after it must not overtake it.
                search.forEachHash { seen.insert($0, place) }
            }
            if isAlone { underWay.append(entry) } else { staying.append(entry) }
        }
        waiting = staying
    }

    /// Goes on with the batch under way.
    ///
    /// - Parameters:
    ///   - answer: The answer to the question just asked.
    ///   - now: The present point.
    /// - Returns: what to ask next; `nil` at the end of the batch.
    public mutating func resume(_ answer: StoreAnswer, at now: MonotonicInstant) -> StoreQuestion? {
        expire(at: now)
        return follow(batch.resume(answer))
    }

    /// Ends the batch under way without answers, since the store failed.
    ///
    /// - Returns: the requests that were in it. What became of them nobody knows; asking again is safe.
    public mutating func abandonBatch() -> [Ticket] {
        defer { underWay = [] }
        return underWay.map(\.ticket)
    }

    /// The answers since the last call, in no particular order.
    public mutating func takeAnswers() -> [Answer] {
        defer { answers = [] }
        return answers
    }

    private mutating func follow(
        _ step: EngineStep<[Result<BatchOutcome, AllocationError>]>
    ) -> StoreQuestion? {
        switch step {
        case .ask(let question): return question
        case .done(let results):
            for (entry, result) in zip(underWay, results) {
                answers.append(Answer(ticket: entry.ticket, result: result))
            }
            underWay = []
            return nil
        }
    }
}
