internal import ClusterBlocks
public import IPAMCore
public import IPAMEngine
public import KubeClient
public import Logging
public import PoolModel

/// The addresses of a cluster as one agent sees them: takes requests, and carries the engine's questions to the API server.
///
/// Requests that arrive while a write is under way go out together in the next one. Nothing is decided here: the queue,
/// the engine and `ClusterBlocks` decide, and this makes their calls, again and again while the API server does not
/// answer. A request is refused when its deadline has passed; what it had written by then its DEL frees.
public actor ClusterStore {
    let client: BlockClient
    let settings: ClusterStoreSettings
    let time: TimeSource
    let logger: Logger
    private let remember: @Sendable ([BlockKey]) async -> Void

    var blocks: ClusterBlocks
    var queue: RequestQueue
    private var waiters: [RequestQueue.Ticket: CheckedContinuation<Result<BatchOutcome, AllocationError>, Never>] = [:]
    /// Blocks of others that are remembered on disk.
    private var guests: Set<BlockKey> = []
    /// Why the API server did not do what it was asked the last time; `nil` when it did.
    private(set) var lastProblem: KubeError?
    private let work = Signal()
    let listed = Signal()
    let listWanted = Signal()

    /// Makes a store; ``run()`` lets it work.
    ///
    /// - Parameters:
    ///   - client: The API server.
    ///   - node: Name of the node.
    ///   - settings: Times and limits.
    ///   - time: The clock.
    ///   - logger: Where trouble is told.
    ///   - remember: Is told the blocks of other nodes in which something is about to be written, and has to keep them over
    ///     a crash: after a restart they go to ``learn(_:)``.
    public init(
        client: KubeClient, node: String, settings: ClusterStoreSettings = ClusterStoreSettings(),
        time: TimeSource = .system, logger: Logger, remember: @escaping @Sendable ([BlockKey]) async -> Void
    ) {
        self.client = BlockClient(client)
        self.settings = settings
        self.time = time
        self.logger = logger
        self.remember = remember
        blocks = ClusterBlocks(
            node: node, settings: settings.blocks, random: SplitMix64(seed: UInt64.random(in: .min ... .max)))
        queue = RequestQueue(capacity: settings.queueCapacity, batchLimit: settings.batchLimit)
    }

    /// Whether all that the node has written is known.
    public var isComplete: Bool { blocks.isComplete }

    /// Whether requests wait or are under way.
    public var isBusy: Bool { queue.isBusy || queue.waitingCount > 0 }

    /// The claims of this node that are known.
    public var claims: [Claim] { blocks.claims }

    /// Rises when the API server was found to have gone back to an earlier state; then ``repair(_:deadline:)`` is needed.
    public var restorations: Int { blocks.restorations }

    /// Objects that cannot be read, by name, with what is wrong.
    public var problems: [String: InvalidResource] { blocks.problems }

    /// Reads some blocks of other nodes before it is said what somebody owns: those that were remembered.
    public func learn(_ keys: [BlockKey]) {
        guests.formUnion(keys)
        blocks.learn(keys)
    }

    /// Serves one request.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - hints: Addresses whose blocks are read before it is decided, for a workload that may come from another node.
    ///   - deadline: From when on nobody needs an answer.
    /// - Returns: what came of it.
    /// - Throws: the refusal; `AllocationError` with the code `withdrawn` when the task is cancelled.
    public func submit(
        _ request: BatchRequest, hints: [IPAddress] = [], deadline: MonotonicInstant? = nil
    ) async throws(AllocationError) -> BatchOutcome {
        let keys = Set(hints.map { BlockKey(containing: $0) }).sorted()
        let ticket = try queue.submit(request, deadline: deadline)
        blocks.pin(keys)
        defer { blocks.unpin(keys) }
        let timer = deadline.map { deadline in
            Task {
                try await time.wait(for: time.now.duration(to: deadline))
                self.leave(ticket, .deadline)
            }
        }
        defer { timer?.cancel() }
        work.raise()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[ticket] = $0 }
        } onCancel: {
            Task { await self.leave(ticket, .withdrawn) }
        }
        return try result.get()
    }

    /// Nobody waits for a request any more: it is answered now, and left out unless its write is under way.
    private func leave(_ ticket: RequestQueue.Ticket, _ code: AllocationError.Code) {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return }
        queue.withdraw(ticket)
        let reason = lastProblem.map(Self.reason)
        waiter.resume(returning: .failure(AllocationError(code, reasons: reason.map { [$0] } ?? [])))
        work.raise()
    }

    private func deliver() {
        for answer in queue.takeAnswers() {
            waiters.removeValue(forKey: answer.ticket)?.resume(returning: answer.result)
        }
    }

    // MARK: Batches

    /// Serves batch after batch, until the task is cancelled.
    func serve() async {
        while !Task.isCancelled {
            blocks.startBatch(at: time.now)
            if let question = queue.begin(at: time.now) { await carry(question) }
            deliver()
            if queue.waitingCount == 0 { await work.wait() }
        }
    }

    /// Carries the questions of one batch.
    private func carry(_ first: StoreQuestion) async {
        var step = blocks.ask(first, at: time.now)
        var pause = Duration.milliseconds(20)
        while !Task.isCancelled {
            switch step {
            case .answer(let answer):
                guard let question = queue.resume(answer, at: time.now) else { return }
                step = blocks.ask(question, at: time.now)
            case .calls(let calls):
                await rememberGuests(calls)
                let (results, problem) = await client.perform(calls, deadline: time.now + settings.callTimeout)
                if let problem {
                    note(problem)
                    try? await time.wait(for: problem.retryAfter ?? pause)
                    pause = min(pause * 2, .seconds(2))
                } else {
                    lastProblem = nil
                    pause = .milliseconds(20)
                }
                step = blocks.resume(results, at: time.now)
            case .wait:
                listWanted.raise()
                await listed.wait()
                step = blocks.resume([], at: time.now)
            case .refused(let words):
                logger.error("a block cannot be written", metadata: ["problem": "\(words)"])
                blocks.abandon()
                for ticket in queue.abandonBatch() {
                    let error = AllocationError(.contention, reasons: ["the API server refuses the block: \(words)"])
                    waiters.removeValue(forKey: ticket)?.resume(returning: .failure(error))
                }
                return
            }
        }
        blocks.abandon()
        for ticket in queue.abandonBatch() {
            waiters.removeValue(forKey: ticket)?.resume(returning: .failure(AllocationError(.withdrawn)))
        }
    }

    private func rememberGuests(_ calls: [BlockCall]) async {
        let keys = calls.compactMap { call -> BlockKey? in
            guard case .update(let object, _) = call, object.node != blocks.label else { return nil }
            return guests.insert(object.block.key).inserted ? object.block.key : nil
        }
        if !keys.isEmpty { await remember(keys) }
    }

    func note(_ problem: KubeError) {
        if lastProblem == nil { logger.warning("\(Self.reason(problem))") }
        lastProblem = problem
    }

    private static func reason(_ problem: KubeError) -> String {
        "the API server \(problem.isRefusal ? "refuses" : "does not answer"): \(problem)"
    }
}

extension KubeError {
    /// Whether the server answered, and asking again changes nothing.
    fileprivate var isRefusal: Bool { status != nil && !isTransient }
}
