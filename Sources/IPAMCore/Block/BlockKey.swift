/// The name of a block: its first address, which is a multiple of 64.
///
/// Blocks are keyed by address and not by pool, so that two pools can never hand out one address, even when their
/// ranges overlap by mistake.
public struct BlockKey: Sendable, Hashable, Comparable {
    /// Number of addresses in a block.
    public static let size = 64

    /// The first address.
    public let base: IPAddress

    /// The block that `address` lies in.
    @inlinable
    public init(containing address: IPAddress) {
        base = IPAddress(trusted: address.bits & ~63, family: address.family)
    }

    /// The family of all addresses of the block.
    @inlinable
    public var family: AddressFamily { base.family }

    /// The addresses of the block as a `/26` or a `/122`.
    public var cidr: CIDR { CIDR(network: base, length: UInt8(family.bitWidth - 6)) }

    /// The addresses of the block.
    public var range: AddressRange { cidr.range }

    /// The address of a slot.
    ///
    /// - Precondition: `slot` is 0…63.
    @inlinable
    public func address(at slot: Int) -> IPAddress {
        precondition(0..<Self.size ~= slot, "a block has slots 0 to 63")
        return IPAddress(trusted: base.bits | UInt128(slot), family: family)
    }

    /// The slot of an address; `nil` when it lies in another block.
    @inlinable
    public func slot(of address: IPAddress) -> Int? {
        guard BlockKey(containing: address) == self else { return nil }
        return Int(truncatingIfNeeded: address.bits & 63)
    }

    /// One bit for each slot whose address is a member of `set`.
    ///
    /// - Complexity: O(log n + k) in the ranges of the set and those that meet the block.
    public func mask(of set: AddressSet) -> UInt64 {
        var mask: UInt64 = 0
        let (first, last) = (base.bits, base.bits | 63)
        var index = set.indexOfRange(endingAtOrAfter: base)
        while index < set.ranges.count {
            let range = set.ranges[index]
            guard range.family == family, range.lowerBound.bits <= last else { break }
            let lowest = UInt64(truncatingIfNeeded: max(range.lowerBound.bits, first) & 63)
            let highest = UInt64(truncatingIfNeeded: min(range.upperBound.bits, last) & 63)
            mask |= (UInt64.max >> (63 - (highest - lowest))) << lowest
            index += 1
        }
        return mask
    }

    /// The following block; `nil` after the last of the family.
    public var next: BlockKey? {
        guard let base = cidr.lastAddress.adding(1) else { return nil }
        return BlockKey(containing: base)
    }

    /// Order of the first addresses.
    public static func < (left: BlockKey, right: BlockKey) -> Bool { left.base < right.base }
}

extension BlockKey: CustomStringConvertible {
    /// The prefix: `10.6.168.64/26`.
    public var description: String { cidr.description }
}
