/// A request that takes its turn in a ``Batch``: what it is about, which never changes.
enum BatchMember: Sendable {
    case claim(ClaimOrder)
    case release(ReleaseDecision)
    case change(AddressDecision)

    init(_ request: BatchRequest) {
        switch request {
        case .claim(let process): self = .claim(process.order)
        case .release(let process): self = .release(process.decision)
        case .change(let process): self = .change(process.decision)
        }
    }

    /// Finds what has to be known before the member decides; `nil` when it does not matter who owns what.
    var search: OwnerSearch? {
        switch self {
        case .claim(let order): order.search
        case .release(let decision): decision.search
        case .change: nil
        }
    }
}
