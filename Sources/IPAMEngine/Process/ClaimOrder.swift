internal import IPAMCore

/// What one claim is about; shared, since a request is large and never changes.
final class ClaimOrder: Sendable {
    let request: ClaimRequest
    let policy: ReusePolicy
    /// Finds what the identity or the sandbox owns already.
    let search: OwnerSearch
    /// What all claims of the request have in common.
    private let holder: Claim.Holder

    init(_ request: ClaimRequest, _ policy: ReusePolicy) {
        self.request = request
        self.policy = policy
        holder = Claim.Holder(
            owner: request.owner, interface: request.interface, containerID: request.containerID,
            network: request.network, node: request.node, bootID: request.isFixed ? "" : request.bootID)
        search = OwnerSearch(
            holder, uid: request.owner.uid, containerID: request.containerID, interface: request.interface)
    }

    func claim(on address: IPAddress, from pool: String) -> Claim {
        Claim(address: address, pool: pool, holder: holder, isFixed: request.isFixed, since: request.now)
    }
}
