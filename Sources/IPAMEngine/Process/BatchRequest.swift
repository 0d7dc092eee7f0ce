public import IPAMCore

/// A request as a member of a ``BatchProcess``.
public enum BatchRequest: Sendable {
    /// ADD.
    case claim(ClaimProcess)
    /// DEL.
    case release(ReleaseProcess)
    /// A change by an administrator or a probe.
    case change(AddressProcess)
}

/// What came of a request in a batch.
public enum BatchOutcome: Sendable {
    /// The addresses that a claim got.
    case claimed([Claim])
    /// What a release ended.
    case released([Claim])
    /// Whether a change changed anything.
    case changed(Bool)

    /// The claims got or ended; none for a change.
    public var claims: [Claim] {
        switch self {
        case .claimed(let claims), .released(let claims): claims
        case .changed: []
        }
    }
}
