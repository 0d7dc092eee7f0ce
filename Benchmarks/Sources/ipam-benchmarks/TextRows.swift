import IPAMCore

/// Reading and writing addresses, each operation on the next of 1,024 random ones.
func textRows() -> [Row] {
    var random = SplitMix64(seed: 4)
    let v4 = (0..<1024).map { _ in IPv4Address(bits: UInt32(truncatingIfNeeded: random.next())) }
    // Three of four as addresses are given to hosts: a zero run in the middle; the others without one.
    let v6 = (0..<1024).map { index in
        let high = 0xfd00_0000_0000_0000 | random.next() >> 8
        return IPv6Address(high: high, low: index % 4 == 0 ? random.next() : random.next() & 0xffff_ffff)
    }
    let v4Texts = v4.map(\.description)
    let v6Texts = v6.map(\.description)
    let v4Bytes = v4Texts.map { ContiguousArray($0.utf8) }
    let v6Bytes = v6Texts.map { ContiguousArray($0.utf8) }
    let rounds = 200
    let operations = rounds * 1024

    func each<Element>(_ list: [Element], _ body: (Element) -> Int) -> Int {
        var sum = 0
        for _ in 0..<rounds { for element in list { sum &+= body(element) } }
        return sum
    }
    return measure(
        "text",
        [
            Contender("IPv4 parse, bytes", operations: operations, target: .atMost(17)) {
                each(v4Bytes) { Int((try? IPv4Address(parsing: $0.span))?.bits ?? 0) }
            },
            Contender("IPv4 parse, String", operations: operations) {
                each(v4Texts) { Int((try? IPv4Address(parsing: $0))?.bits ?? 0) }
            },
            Contender("IPv4 text, String", operations: operations, target: .atMost(20)) {
                each(v4) { $0.description.utf8.count }
            },
            Contender("IPv6 parse, bytes", operations: operations, target: .atMost(40)) {
                each(v6Bytes) { Int(truncatingIfNeeded: (try? IPv6Address(parsing: $0.span))?.low ?? 0) }
            },
            Contender("IPv6 parse, String", operations: operations) {
                each(v6Texts) { Int(truncatingIfNeeded: (try? IPv6Address(parsing: $0))?.low ?? 0) }
            },
            Contender("IPv6 text, String", operations: operations, target: .atMost(60)) {
                each(v6) { $0.description.utf8.count }
            },
        ])
}
