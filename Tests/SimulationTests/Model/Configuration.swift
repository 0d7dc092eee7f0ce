import IPAMCore
import IPAMEngine

/// The pools and the reserved addresses at one moment, as an administrator wrote them.
struct Configuration {
    /// A pool that serves some of the addresses that it could.
    struct Pool {
        let name: String
        /// Every address that the pool declares at some time.
        let universe: [IPAddress]
        /// Which of them it declares now.
        var isDeclared: [Bool]

        var declared: AddressSet {
            AddressSet(zip(universe, isDeclared).filter(\.1).map(\.0))
        }
    }

    private(set) var pools: [Pool]
    private var reserved = AddressSet.empty
    /// What each pool may hand out, in the order of the pools.
    private(set) var candidates: [PoolCandidate] = []
    /// What each pool declares, reserved addresses included.
    private(set) var declaredAddresses: [String: AddressSet] = [:]

    /// Two IPv4 pools across the border of a block, of three to eight addresses, and an IPv6 pool of three.
    init(overlapping: Bool, _ random: inout SplitMix64) {
        func addresses(_ base: UInt128, _ count: Int, _ family: AddressFamily) -> [IPAddress] {
            (0..<count).compactMap { IPAddress(bits: base + UInt128($0), family: family) }
        }
        let border: UInt128 = 0x0a00_0040
        let first = addresses(border - 1 - UInt128(random.draw(3)), 3 + random.draw(4), .ipv4)
        let second = addresses(overlapping ? border : border + 63, 3 + random.draw(3), .ipv4)
        let third = addresses(UInt128(0xfd00) << 112 | 0x3f, 3, .ipv6)
        pools = [("first", first), ("second", second), ("third", third)].map { name, universe in
            Pool(name: name, universe: universe, isDeclared: universe.map { _ in true })
        }
        project()
    }

    private mutating func project() {
        candidates = pools.map { PoolCandidate(pool: $0.name, addresses: $0.declared.subtracting(reserved)) }
        declaredAddresses = Dictionary(uniqueKeysWithValues: pools.map { ($0.name, $0.declared) })
    }

    /// Takes an address out of a pool, in use or not, or puts it back.
    mutating func toggleMember(_ pool: Int, _ member: Int) {
        pools[pool].isDeclared[member].toggle()
        project()
    }

    /// Reserves an address, or gives it free again.
    mutating func toggleReservation(_ address: IPAddress) {
        let one = AddressSet(AddressRange(address))
        reserved = reserved.contains(address) ? reserved.subtracting(one) : reserved.union(one)
        project()
    }

    /// The blocks of all addresses that there can be.
    var keys: [BlockKey] { Set(pools.flatMap { $0.universe.map { BlockKey(containing: $0) } }).sorted() }
}

extension SplitMix64 {
    /// A number from 0 to below `count`.
    mutating func draw(_ count: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % count }

    /// Yes in so many of 100 cases.
    mutating func chance(_ percent: Int) -> Bool { percent > 0 && draw(100) < percent }
}
