internal import IPAMCore

extension AddressSet {
    /// Eight bytes that differ, as good as always, between sets with different members: FNV-1a over the ends of the
    /// ranges, sixty-four bits at a time.
    var fingerprint: [UInt8] {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for range in ranges {
            for bits in [range.lowerBound.bits, range.upperBound.bits] {
                hash = (hash ^ UInt64(truncatingIfNeeded: bits >> 64)) &* 0x100_0000_01b3
                hash = (hash ^ UInt64(truncatingIfNeeded: bits)) &* 0x100_0000_01b3
                // The products above only move bits upwards.
                hash ^= hash >> 32
            }
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    }
}
