internal import IPAMCore

/// The addresses of one owner: nearly always one, which needs no memory of its own.
struct OwnedAddresses: Sendable {
    private var first: IPAddress?
    private var others: [IPAddress] = []

    var isEmpty: Bool { first == nil }

    mutating func insert(_ address: IPAddress) {
        if first == nil { first = address } else { others.append(address) }
    }

    mutating func remove(_ address: IPAddress) {
        if first == address {
            first = others.popLast()
        } else if let index = others.firstIndex(of: address) {
            others.swapAt(index, others.count - 1)
            others.removeLast()
        }
    }

    /// The blocks in which they lie, in ascending order, none twice.
    var blocks: [BlockKey] {
        guard let first else { return [] }
        if others.isEmpty { return [BlockKey(containing: first)] }
        return Set(([first] + others).map { BlockKey(containing: $0) }).sorted()
    }
}
