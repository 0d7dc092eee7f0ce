public import IPAMCore
public import IPAMEngine
internal import Synchronization

/// One file for all threads of a process: requests that wait for each other are written in one transaction.
///
/// Whoever comes while the file is in use lines up; the next one to get it serves all that wait, in their order, and they
/// find their answers. So a commit serves many requests when there are many, and one waits for nothing when it is alone.
/// Calls block their thread for as long as the file takes.
public final class SharedStore: Sendable {
    private struct Line: Sendable {
        var queue: RequestQueue
        var answers: [RequestQueue.Ticket: Result<BatchOutcome, AllocationError>] = [:]
        /// Requests whose transaction failed.
        var failures: [RequestQueue.Ticket: StoreError] = [:]
        /// Requests whose transaction has to reach the disk.
        var durable: Set<RequestQueue.Ticket> = []
    }

    private let line: Mutex<Line>
    private let file: Mutex<EmbeddedStore>

    /// Takes over an open store.
    ///
    /// - Parameters:
    ///   - store: The store; nobody else in this process should use the file meanwhile, though it would do no harm.
    ///   - capacity: How many requests may wait.
    public init(_ store: consuming sending EmbeddedStore, capacity: Int = 1000) {
        line = Mutex(Line(queue: RequestQueue(capacity: capacity)))
        file = Mutex(store)
    }

    /// Serves a request, together with those that wait at the same time.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - durably: Whether the change must have reached the disk when this returns; others of the same transaction
    ///     then wait for that as well.
    ///   - deadline: A request that is not in a transaction by then is refused.
    /// - Returns: what it got.
    /// - Throws: `EngineFailure`: the refusal, or the failure of the file. Asking again is safe.
    public func serve(
        _ request: BatchRequest, durably: Bool = false, deadline: MonotonicInstant? = nil
    ) throws(EngineFailure<StoreError>) -> BatchOutcome {
        let submitted: Result<RequestQueue.Ticket, AllocationError> = line.withLock { line in
            do throws(AllocationError) {
                let ticket = try line.queue.submit(request, deadline: deadline)
                if durably { line.durable.insert(ticket) }
                return .success(ticket)
            } catch {
                return .failure(error)
            }
        }
        let ticket: RequestQueue.Ticket
        switch submitted {
        case .success(let given): ticket = given
        case .failure(let error): throw .refused(error)
        }
        let result: Result<BatchOutcome, EngineFailure<StoreError>> = file.withLock { store in
            while true {
                if let result = takeResult(of: ticket) { return result }
                serveBatch(&store)
            }
        }
        return try result.get()
    }

    private func takeResult(of ticket: RequestQueue.Ticket) -> Result<BatchOutcome, EngineFailure<StoreError>>? {
        line.withLock { line in
            if let failure = line.failures.removeValue(forKey: ticket) { return .failure(.store(failure)) }
            return line.answers.removeValue(forKey: ticket)?.mapError { .refused($0) }
        }
    }

    /// One transaction for all that wait now.
    private func serveBatch(_ store: inout EmbeddedStore) {
        var question = line.withLock { $0.queue.begin(at: .now) }
        if question != nil {
            let durably = line.withLock { !$0.durable.isEmpty }
            do throws(TransactionFailure<StoreError>) {
                try store.transaction(durably: durably) { store throws(StoreError) in
                    while let asked = question {
                        let answer = try store.answer(asked)
                        question = line.withLock { $0.queue.resume(answer, at: .now) }
                    }
                }
            } catch {
                fail(error)
            }
        }
        line.withLock { line in
            for answer in line.queue.takeAnswers() {
                line.durable.remove(answer.ticket)
                if line.failures[answer.ticket] == nil { line.answers[answer.ticket] = answer.result }
            }
        }
    }

    /// Nobody in the transaction got anything, also those who were answered before the commit failed.
    private func fail(_ failure: TransactionFailure<StoreError>) {
        let cause =
            switch failure {
            case .refused(let error), .store(let error): error
            }
        line.withLock { line in
            for ticket in line.queue.abandonBatch() + line.queue.takeAnswers().map(\.ticket) {
                line.failures[ticket] = cause
                line.durable.remove(ticket)
            }
        }
    }
}
