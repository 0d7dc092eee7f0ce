/// A pool of addresses in memory: hands out, takes back, and never hands out twice.
///
/// ```swift
/// let subnet = AddressSet(try CIDR(parsing: "10.6.0.0/29"))
/// let reserved = try AddressSet(parsing: ["10.6.0.0-10.6.0.1", "10.6.0.7"])
/// var pool = AddressPool(subnet, excluding: reserved)
/// let address = pool.claim()              // 10.6.0.2
/// pool.availableCount                     // 4
/// if let address { pool.release(address) }
/// ```
///
/// A pool may span any number of ranges of either family, or of both. Up to 2²⁴ addresses it is a ``SlotBitmap`` of
/// little more than one bit per address; above, a ``SparseSlotBitmap``, whose memory is proportional to what is
/// claimed, so that a `/64` costs nothing until it is used. Claiming and releasing take logarithmic time in the number
/// of ranges and none that depends on the number of addresses or on how full the pool is.
///
/// The pool is a value: a copy is a pool of its own, and a pool shared between threads belongs under a lock.
public struct AddressPool: Sendable {
    /// The addresses that the pool serves: those given, without the exclusions.
    public let members: AddressSet

    /// How ``claim()`` chooses.
    public let picking: Picking

    /// One slot for each member by its rank; without slots when `sparse` is there.
    var dense: SlotBitmap

    /// The slots of a pool of more than ``denseLimit`` addresses.
    var sparse: SparseSlotBitmap?

    /// Where the next search of ``Picking/nextFit`` begins.
    var cursor: UInt128 = 0

    /// What ``Picking/random(seed:)`` draws from.
    var generator: SplitMix64

    /// The largest pool that is kept as a ``SlotBitmap``, which then takes 2 MiB.
    static let denseLimit: UInt128 = 1 << 24

    /// Makes a pool with every address free.
    ///
    /// - Parameters:
    ///   - addresses: what the pool serves.
    ///   - excluded: addresses to leave out; those that are not among `addresses` do not matter.
    ///   - picking: how ``claim()`` chooses.
    /// - Precondition: fewer than 2¹²⁸ addresses remain, or exactly all of IPv6; so any set of one family will do.
    public init(_ addresses: AddressSet, excluding excluded: AddressSet = .empty, picking: Picking = .lowest) {
        members = addresses.subtracting(excluded)
        self.picking = picking
        if case .random(let seed) = picking {
            generator = SplitMix64(seed: seed)
        } else {
            generator = SplitMix64(seed: 0)
        }
        guard members.count > Self.denseLimit, let highest = members.highest, let lastSlot = members.rank(of: highest)
        else {
            dense = SlotBitmap(capacity: Int(members.count))
            return
        }
        precondition(
            members.count < .max || members.ranges.count == 1,
            "nearly all of IPv6 and IPv4 addresses as well do not fit one AddressPool")
        dense = SlotBitmap(capacity: 0)
        sparse = SparseSlotBitmap(lastSlot: lastSlot)
    }
}
