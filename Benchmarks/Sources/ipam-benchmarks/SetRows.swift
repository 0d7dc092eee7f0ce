import IPAMCore

/// Set algebra at three sizes, so that growth can be seen, and a large prefix with many holes.
func setRows() -> [Row] {
    let group = "set algebra"
    let sizes = [1_000, 10_000, 100_000]
    var contenders: [Contender] = []
    for size in sizes {
        let left = AddressSet(ranges(size, seed: 1))
        let right = AddressSet(ranges(size, seed: 2))
        let repetitions = 200_000 / size
        func contender(_ name: String, _ operation: @escaping () -> AddressSet) -> Contender {
            Contender("\(name), two sets of \(size) ranges, per range", operations: repetitions * size * 2) {
                var sum = 0
                for _ in 0..<repetitions { sum &+= operation().ranges.count }
                return sum
            }
        }
        contenders.append(contender("union") { left.union(right) })
        contenders.append(contender("difference") { left.subtracting(right) })
        contenders.append(contender("intersection") { left.intersection(right) })
    }
    var rows = measure(group, rounds: 11, contenders)
    for (index, name) in ["union", "difference", "intersection"].enumerated() {
        rows.append(
            Row(
                group, "\(name), cost per range at 100000 against 1000",
                value: rows[index + 6].median / rows[index].median, unit: "×", target: .atMost(2)))
    }
    return rows
        + measure(group, [largePrefix()]).map { row in
            Row(
                group, row.name, samples: [row.minimum, row.median, row.maximum].map { $0 / 1000 }, unit: "µs",
                allocations: row.allocations, target: .atMost(100))
        }
}

/// Ranges of up to 200 addresses with gaps of up to 200 between them, in ascending order.
private func ranges(_ count: Int, seed: UInt64) -> [AddressRange] {
    var random = SplitMix64(seed: seed)
    var next: UInt32 = 0x0a00_0000
    return (0..<count).map { _ in
        let first = next + 2 + UInt32(truncatingIfNeeded: random.next() % 200)
        let last = first + UInt32(truncatingIfNeeded: random.next() % 200)
        next = last
        return AddressRange(.v4(IPv4Address(bits: first)), .v4(IPv4Address(bits: last)))
    }
}

private func largePrefix() -> Contender {
    let network: UInt64 = 0xfd00_0010_0006_0000
    func range(_ first: UInt64, _ last: UInt64) -> AddressRange {
        AddressRange(.v6(IPv6Address(high: network, low: first)), .v6(IPv6Address(high: network, low: last)))
    }
    let whole = AddressSet(range(0, .max))
    let upper = range(1 << 63, .max)
    let holes = AddressSet((0..<UInt64(1000)).map { range($0 << 40, $0 << 40 | 0xff) } + [upper])
    return Contender("a /64 minus a /65 and 1000 ranges", operations: 200) {
        var sum = 0
        for _ in 0..<200 { sum &+= whole.subtracting(holes).ranges.count }
        return sum
    }
}
