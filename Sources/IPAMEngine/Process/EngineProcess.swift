/// A decision that is taken in steps: it asks, somebody fetches the answer, and it goes on.
///
/// Nothing in here does I/O, waits, or reads a clock, so the same process runs on a file inside one transaction, on
/// the Kubernetes API with `await` between the steps, and in a simulation in which every answer can be late or wrong.
///
/// ```text
///   begin() ──► .ask(question) ──► store ──► resume(answer) ──► .ask(…) … ──► .done(outcome)
/// ```
public protocol EngineProcess {
    /// What comes out at the end.
    associatedtype Outcome

    /// The first step.
    mutating func begin() throws(AllocationError) -> EngineStep<Outcome>

    /// The next step after the answer to the question just asked.
    mutating func resume(_ answer: StoreAnswer) throws(AllocationError) -> EngineStep<Outcome>
}

/// What a process wants next.
public enum EngineStep<Outcome> {
    /// An answer to this.
    case ask(StoreQuestion)
    /// Nothing more.
    case done(Outcome)
}

extension EngineStep: Sendable where Outcome: Sendable {}

/// What can end a process that runs on a store.
public enum EngineFailure<StoreFailure: Error>: Error {
    /// The request was refused.
    case refused(AllocationError)
    /// The store could not be used.
    case store(StoreFailure)
}

extension BlockStore where Self: ~Copyable {
    /// Runs a process to its end.
    ///
    /// - Throws: ``EngineFailure``: the refusal of the request, or the failure of the store.
    public mutating func run<Process: EngineProcess>(
        _ process: inout Process
    ) throws(EngineFailure<Failure>) -> Process.Outcome {
        var step = try Self.refusable { () throws(AllocationError) in try process.begin() }
        while true {
            switch step {
            case .done(let outcome):
                return outcome
            case .ask(let question):
                let answer: StoreAnswer
                do throws(Failure) {
                    answer = try self.answer(question)
                } catch {
                    throw .store(error)
                }
                step = try Self.refusable { () throws(AllocationError) in try process.resume(answer) }
            }
        }
    }

    private static func refusable<Value>(
        _ body: () throws(AllocationError) -> Value
    ) throws(EngineFailure<Failure>) -> Value {
        do throws(AllocationError) {
            return try body()
        } catch {
            throw .refused(error)
        }
    }
}
