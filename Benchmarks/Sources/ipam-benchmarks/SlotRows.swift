import BitCollections
import CAllocationCounter
import IPAMCore

/// Release of a random slot and claim of a free one, in bitmaps of several sizes with exactly one free slot.
func slotRows() -> [Row] {
    let sizes: [(bits: Int, limit: Double)] = [(16, 8), (20, 15), (24, 30)]
    var rows: [Row] = []
    var contenders: [Contender] = []
    // What the runtime allocates once for the type is not part of the bitmap.
    _ = SlotBitmap(capacity: 1)
    for (bits, limit) in sizes {
        let capacity = 1 << bits
        let bytesBefore = allocation_bytes()
        let empty = SlotBitmap(capacity: capacity)
        let bytes = allocation_bytes() - bytesBefore
        let slots = Box(empty)
        rows.append(
            Row(
                "slots", "memory of 2^\(bits) slots, bits per slot", value: Double(bytes * 8) / Double(capacity),
                unit: "bit", target: .atMost(1.02)))
        fill(&slots.value)
        contenders.append(
            Contender("release+claim, 2^\(bits) slots, one free", operations: 500_000, target: .atMost(limit)) {
                releaseAndClaim(&slots.value, operations: 500_000)
            })
    }
    let scattered = Box(SlotBitmap(capacity: 1 << 16))
    fill(&scattered.value)
    for slot in stride(from: 500, to: 1 << 16, by: 1000) { scattered.value.release(slot) }
    contenders.append(
        Contender("release+claim, 2^16 slots, 66 free, far apart", operations: 500_000) {
            releaseAndClaim(&scattered.value, operations: 500_000)
        })
    let sparse = Box(SparseSlotBitmap(lastSlot: .max))
    while sparse.value.claimedCount < 1 << 16 { _ = sparse.value.claimLowest() }
    contenders.append(
        Contender("release+claim, 2^128 slots, the first 2^16 claimed", operations: 20_000) {
            releaseAndClaim(&sparse.value, operations: 20_000)
        })
    contenders.append(
        Contender("SlotBitmap of 2^24 slots, made", operations: 4) {
            (0..<4).reduce(0) { sum, _ in sum + SlotBitmap(capacity: 1 << 24).freeCount }
        })
    let large = Box(AddressPool(largePool(), picking: .random(seed: 1)))
    var claimed = (0..<10_000).compactMap { _ in large.value.claim() }
    contenders.append(
        Contender("AddressPool of a /64, 10000 claimed: release+claim, random", operations: 10_000) {
            for index in claimed.indices {
                large.value.release(claimed[index])
                if let address = large.value.claim() { claimed[index] = address }
            }
            return Int(truncatingIfNeeded: claimed[0].bits)
        })
    return rows + measure("slots", contenders)
}

private func largePool() -> AddressSet {
    let network = IPv6Address(high: 0xfd00_0010_0006_0000, low: 0)
    let last = IPv6Address(high: network.high, low: .max)
    return AddressSet(AddressRange(.v6(network), .v6(last)))
}

func fill(_ slots: inout SlotBitmap) { while slots.claimLowest() != nil {} }

private func releaseAndClaim(_ slots: inout SlotBitmap, operations: Int) -> Int {
    var random = Xorshift()
    var sum = 0
    let mask = slots.capacity - 1
    for _ in 0..<operations {
        slots.release(random.next() & mask)
        sum &+= slots.claimLowest() ?? 0
    }
    return sum
}

private func releaseAndClaim(_ slots: inout SparseSlotBitmap, operations: Int) -> Int {
    var random = Xorshift()
    var sum = 0
    for _ in 0..<operations {
        slots.release(UInt128(random.next() & 0xffff))
        sum &+= Int(truncatingIfNeeded: slots.claimLowest() ?? 0)
    }
    return sum
}

/// The same pair on a full /16 in this library and in the ways others go, all in the same rounds.
func rivalRows() -> [Row] {
    let group = "full /16"
    let size = 1 << 16
    let slots = Box(SlotBitmap(capacity: size))
    fill(&slots.value)
    let network: UInt32 = 0x0a06_0000
    let range = AddressRange(.v4(IPv4Address(bits: network)), .v4(IPv4Address(bits: network + 0xffff)))
    let pool = Box(AddressPool(AddressSet(range)))
    while pool.value.claim() != nil {}
    let scan = Box(ContiguousArray<UInt64>(repeating: .max, count: size / 64))
    let bitArray = Box(BitArray(repeating: true, count: size))
    let freeSet = Box(BitSet(reservingCapacity: size))
    let map = Box(Dictionary(uniqueKeysWithValues: (0..<UInt32(size)).map { (network + $0, $0) }))

    let rows = measure(
        group,
        [
            Contender("SlotBitmap", operations: 200_000) { releaseAndClaim(&slots.value, operations: 200_000) },
            Contender("AddressPool", operations: 200_000) {
                releaseAndClaim(&pool.value, network: network, operations: 200_000)
            },
            Contender("rival: bit-by-bit scan from a random offset", operations: 100) {
                scanBits(&scan.value, operations: 100)
            },
            Contender("rival: BitArray, firstIndex(of: false)", operations: 100) {
                searchBitArray(&bitArray.value, operations: 100)
            },
            Contender("rival: BitSet of free slots, first", operations: 20_000) {
                searchBitSet(&freeSet.value, operations: 20_000)
            },
            Contender("rival: walk over a map of used addresses", operations: 20) {
                walkMap(&map.value, network: network, operations: 20)
            },
        ])
    let best = rows[2...].min { $0.median < $1.median } ?? rows[2]
    return rows + [
        Row(
            group, "SlotBitmap against the best (\(best.name))", value: best.median / rows[0].median, unit: "×",
            target: .atLeast(50)),
        Row(
            group, "AddressPool against the best (\(best.name))", value: best.median / rows[1].median, unit: "×"),
    ]
}

private func releaseAndClaim(_ pool: inout AddressPool, network: UInt32, operations: Int) -> Int {
    var random = Xorshift()
    var sum = 0
    for _ in 0..<operations {
        pool.release(.v4(IPv4Address(bits: network + UInt32(random.next() & 0xffff))))
        sum &+= Int(truncatingIfNeeded: pool.claim()?.bits ?? 0)
    }
    return sum
}

/// What an allocator over a big integer does: ask for one bit after the other, from a random one on.
private func scanBits(_ words: inout ContiguousArray<UInt64>, operations: Int) -> Int {
    var random = Xorshift()
    let size = words.count * 64
    var sum = 0
    for _ in 0..<operations {
        let released = random.next() & (size - 1)
        words[released / 64] &= ~(1 << UInt64(released % 64))
        let offset = random.next() & (size - 1)
        for step in 0..<size {
            let slot = (offset + step) % size
            if words[slot / 64] >> UInt64(slot % 64) & 1 == 0 {
                words[slot / 64] |= 1 << UInt64(slot % 64)
                sum &+= slot
                break
            }
        }
    }
    return sum
}

private func searchBitArray(_ bits: inout BitArray, operations: Int) -> Int {
    var random = Xorshift()
    var sum = 0
    for _ in 0..<operations {
        bits[random.next() & (bits.count - 1)] = false
        guard let slot = bits.firstIndex(of: false) else { continue }
        bits[slot] = true
        sum &+= slot
    }
    return sum
}

private func searchBitSet(_ free: inout BitSet, operations: Int) -> Int {
    var random = Xorshift()
    var sum = 0
    for _ in 0..<operations {
        free.insert(random.next() & 0xffff)
        guard let slot = free.first else { continue }
        free.remove(slot)
        sum &+= slot
    }
    return sum
}

/// What an allocator over a list of reservations does: try one address after the other.
private func walkMap(_ used: inout [UInt32: UInt32], network: UInt32, operations: Int) -> Int {
    var random = Xorshift()
    var sum = 0
    for _ in 0..<operations {
        used[network + UInt32(random.next() & 0xffff)] = nil
        for address in network...network + 0xffff where used[address] == nil {
            used[address] = address
            sum &+= Int(address)
            break
        }
    }
    return sum
}
