public import IPAMCore
public import PoolModel

extension PoolCandidate {
    /// What a pool may hand out now: its addresses without the reserved ones.
    public init(_ pool: ResolvedPool, reserved: AddressSet) {
        self.init(pool: pool.name, addresses: pool.addresses(without: reserved))
    }
}
