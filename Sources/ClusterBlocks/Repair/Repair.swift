public import IPAMCore
public import IPAMEngine

/// What puts back into the blocks what live sandboxes use, after the API server was restored from a backup.
///
/// Pure: blocks as they are now, and what the ledger says, make requests and conflicts. A request asks for exactly the
/// addresses that its sandbox uses, so it changes nothing where the blocks are right.
public struct Repair: Sendable {
    /// What to submit; the order does not matter.
    public private(set) var requests: [ClaimRequest] = []
    /// What nothing can be done about: somebody else was given the address.
    public private(set) var conflicts: [RepairConflict] = []

    /// Compares.
    ///
    /// - Parameters:
    ///   - uses: What live sandboxes of this node use.
    ///   - blocks: The blocks of all addresses in use, as they are.
    ///   - now: The moment of the repair.
    public init(_ uses: [LiveUse], in blocks: [Block], now: Timestamp) {
        let present = Dictionary(blocks.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        for use in uses {
            var lost: [Claim] = []
            var isRight = true
            for claim in use.claims {
                let block = present[BlockKey(containing: claim.address)]
                let owner = block?.claim(on: claim.address)
                if let owner {
                    guard owner.identity == claim.identity || owner.attachment == claim.attachment else {
                        conflicts.append(RepairConflict(used: claim, owner: owner))
                        continue
                    }
                    // A fixed workload has gone on elsewhere: this sandbox is the one that has to end.
                    if owner.node != claim.node, owner.state == .allocated, owner.since > claim.since {
                        conflicts.append(RepairConflict(used: claim, owner: owner))
                        continue
                    }
                    if owner.attachment != claim.attachment || owner.state != .allocated { isRight = false }
                } else {
                    if block?.rest(of: claim.address)?.isQuarantined(at: now) == true {
                        conflicts.append(RepairConflict(used: claim, owner: nil))
                        continue
                    }
                    isRight = false
                }
                lost.append(claim)
            }
            if !isRight { requests.append(Self.request(lost, now)) }
        }
    }

    /// Asks for these addresses and no others.
    private static func request(_ claims: [Claim], _ now: Timestamp) -> ClaimRequest {
        let first = claims[0]
        var declared: [String: AddressSet] = [:]
        for claim in claims {
            declared[claim.pool, default: .empty] = declared[claim.pool, default: .empty].union(
                AddressSet(AddressRange(claim.address)))
        }
        let demands = claims.map { claim in
            FamilyDemand(
                family: claim.address.family,
                candidates: [PoolCandidate(pool: claim.pool, addresses: AddressSet(AddressRange(claim.address)))],
                wanted: claim.address)
        }
        return ClaimRequest(
            owner: first.owner, interface: first.interface, containerID: first.containerID, network: first.network,
            node: first.node, bootID: first.bootID, now: now, demands: demands, policy: .any, isFixed: first.isFixed,
            declaredAddresses: declared)
    }
}
