internal import IPAMCore

/// What one claim is about; shared, since a request is large and never changes.
final class ClaimOrder: Sendable {
    let request: ClaimRequest
    let policy: ReusePolicy

    init(_ request: ClaimRequest, _ policy: ReusePolicy) {
        self.request = request
        self.policy = policy
    }
}
