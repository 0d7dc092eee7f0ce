internal import IPAMCore

/// Any of the decisions, so that they can share a batch.
///
/// Not an enum, whose payload would be copied out and back with every step.
struct BatchMember: Decision {
    private var claim: ClaimDecision?
    private var release: ReleaseDecision?
    private var change: AddressDecision?

    init(_ request: BatchRequest) {
        switch request {
        case .claim(let process): claim = process.decision
        case .release(let process): release = process.decision
        case .change(let process): change = process.decision
        }
    }

    func forEachOwner(_ body: (String) -> Void) { claim?.forEachOwner(body) }

    mutating func begin() -> StoreQuestion {
        if let question = claim?.begin() { return question }
        if let question = release?.begin() ?? change?.begin() { return question }
        preconditionFailure("a member is one of the three")
    }

    mutating func resume(
        _ finding: Finding, _ draft: inout BlockDraft
    ) throws(AllocationError) -> EngineStep<BatchOutcome> {
        if let step = try claim?.resume(finding, &draft) { return step.map { .claimed($0) } }
        if let step = try release?.resume(finding, &draft) { return step.map { .released($0) } }
        if let step = try change?.resume(finding, &draft) { return step.map { .changed($0) } }
        preconditionFailure("a member is one of the three")
    }
}

extension EngineStep {
    fileprivate func map<Other>(_ transform: (Outcome) -> Other) -> EngineStep<Other> {
        switch self {
        case .ask(let question): .ask(question)
        case .done(let outcome): .done(transform(outcome))
        }
    }
}
