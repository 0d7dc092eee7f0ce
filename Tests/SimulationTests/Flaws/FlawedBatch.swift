import IPAMCore
import IPAMEngine

/// A batch whose members do not see each other: each decides on what the store says, and of two that change one block the
/// last one's is written.
struct FlawedBatch: JobProcess {
    private let requests: [BatchRequest]
    private var alone: BatchProcess
    private var position = 0
    private var writes: [StoredBlock] = []
    private var results: [Result<BatchOutcome, AllocationError>] = []
    private var isWriting = false

    init(_ requests: [BatchRequest]) {
        self.requests = requests
        alone = BatchProcess([])
    }

    mutating func begin() -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        (position, writes, results, isWriting) = (0, [], [], false)
        return beginNext()
    }

    private mutating func beginNext() -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        guard position < requests.count else {
            isWriting = true
            return writes.isEmpty ? .done(results) : .ask(.write(writes.sorted { $0.block.key < $1.block.key }))
        }
        alone = BatchProcess([requests[position]])
        return follow(alone.begin())
    }

    mutating func resume(_ answer: StoreAnswer) -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        guard isWriting else { return follow(alone.resume(answer)) }
        if case .conflict = answer { return begin() }
        return .done(results)
    }

    private mutating func follow(
        _ step: EngineStep<[Result<BatchOutcome, AllocationError>]>
    ) -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        switch step {
        case .ask(.write(let blocks)):
            writes.removeAll { write in blocks.contains { $0.block.key == write.block.key } }
            writes += blocks
            return follow(alone.resume(.written))
        case .ask:
            return step
        case .done(let outcome):
            results += outcome
            position += 1
            return beginNext()
        }
    }

    var present: Int? { isWriting ? nil : position }

    mutating func withdraw(_ position: Int, because error: AllocationError) {}
}
