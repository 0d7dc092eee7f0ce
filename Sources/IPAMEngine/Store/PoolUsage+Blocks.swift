public import IPAMCore

extension PoolUsage {
    /// Adds what a block knows about the addresses of a set.
    public mutating func add(_ block: Block, within addresses: AddressSet, now: Timestamp) {
        let mask = block.key.mask(of: addresses)
        claimed += (block.occupied & mask).nonzeroBitCount
        for rest in block.rests where addresses.contains(rest.address) && rest.until > now {
            if rest.isQuarantined(at: now) { quarantined += 1 } else { cooling += 1 }
        }
    }
}
