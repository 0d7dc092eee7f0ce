public import IPAMCore
internal import IPAMEngine
internal import JSONTree
public import PoolModel

/// What others see of the blocks. Nothing decides from these; they are computed when somebody asks.
extension EmbeddedStore {
    /// The claims on addresses of a pool, in ascending order.
    ///
    /// - Complexity: O(n) in the number of blocks between the pool's first and last address.
    public func claims(of pool: SpiderIPPool) throws(StoreError) -> [Claim] {
        try claims(in: pool.declaredAddresses).filter { $0.pool == pool.name }
    }

    /// The claims on addresses of a set, in ascending order.
    public func claims(in addresses: AddressSet) throws(StoreError) -> [Claim] {
        guard let lowest = addresses.lowest, let highest = addresses.highest else { return [] }
        var claims: [Claim] = []
        try forEachBlock(from: BlockKey(containing: lowest), through: BlockKey(containing: highest)) { stored in
            claims += stored.block.claims.filter { addresses.contains($0.address) }
        }
        return claims
    }

    /// The addresses of a set that somebody uses, with their users in words.
    public func addressesInUse(in addresses: AddressSet) throws(StoreError) -> [AddressInUse] {
        try claims(in: addresses).map { AddressInUse($0.address, owner: $0.ownerText) }
    }

    /// The status of a pool in the format of the cluster: counts, and the owners as JSON text.
    ///
    /// - Parameters:
    ///   - pool: The pool.
    ///   - bootID: Boot ID of the running host; what an earlier start left counts as free. Empty when it is not known.
    /// - Returns: the numbers of this moment.
    /// - Throws: ``StoreError`` when the file cannot be read.
    public func status(of pool: SpiderIPPool, bootID: String) throws(StoreError) -> SpiderIPPool.Status {
        let claims = try claims(of: pool).filter { !$0.isVoid(on: bootID) }
        let records = claims.map { claim in
            (
                claim.address.description,
                JSONValue.object(["pod": .string(claim.ownerName), "podUid": .string(claim.owner.uid)])
            )
        }
        return SpiderIPPool.Status(
            allocatedIPs: claims.isEmpty ? nil : JSONValue.object(JSONObject(records)).text(.compact),
            allocatedIPCount: Int64(claims.count), totalIPCount: (try? ResolvedPool(pool))?.totalCount)
    }
}

extension Claim {
    /// `namespace/name`, the name alone, or the UID of a workload that nobody named.
    public var ownerName: String { owner.text }

    /// The owner for error messages.
    var ownerText: String {
        owner.name.isEmpty ? "container \(containerID)" : "Pod \(ownerName)"
    }
}
