/// Several requests that are decided in their order and go out in one write.
///
/// Each sees what those before it picked, so no two get one address. A refusal concerns its own request only. After a
/// conflict only those requests are decided again whose blocks have changed, or that changed nothing and come later than
/// such a one; they see what is planned for all others, as if they came last.
///
/// The outcome is what came of each request, in their order.
public struct BatchProcess: EngineProcess, Sendable {
    private let members: [BatchMember]
    private var batch: Batch?

    /// Prepares a batch.
    public init(_ requests: [BatchRequest]) {
        members = requests.map { BatchMember($0) }
    }

    /// The place of the request that is being decided; `nil` while the question concerns several.
    public var present: Int? { batch?.present }

    /// Asks what the requests need to know.
    public mutating func begin() -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        batch.begin(members)
    }

    /// Goes on after an answer.
    public mutating func resume(_ answer: StoreAnswer) -> EngineStep<[Result<BatchOutcome, AllocationError>]> {
        batch.resume(answer)
    }

    /// Takes a request out, since nobody waits for it any more.
    ///
    /// - Parameters:
    ///   - position: Place of the request in the batch.
    ///   - error: What its outcome is then. It is something else when the write was under way already: then what was
    ///     written counts.
    public mutating func withdraw(_ position: Int, because error: AllocationError) {
        batch?.withdraw(position, error)
    }
}
