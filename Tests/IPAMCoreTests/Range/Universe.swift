import IPAMCore
import Testing

/// A few consecutive addresses at a place where arithmetic could go wrong, numbered from 0.
///
/// Sets over a universe have an obviously right model: the set of the numbers of their members.
struct Universe: Sendable, CustomTestStringConvertible {
    let name: String
    let addresses: [IPAddress]
    private let numbers: [IPAddress: Int]

    var testDescription: String { name }

    private init(_ name: String, _ addresses: [IPAddress]) {
        self.name = name
        self.addresses = addresses
        numbers = Dictionary(uniqueKeysWithValues: zip(addresses, addresses.indices))
    }

    private static func window(_ family: AddressFamily, from start: UInt128, count: Int) -> [IPAddress] {
        (0..<count).compactMap { IPAddress(bits: start + UInt128($0), family: family) }
    }

    static let size = 24

    static let all: [Universe] = [
        Universe("bottom of IPv4", window(.ipv4, from: 0, count: size)),
        Universe("top of IPv4", window(.ipv4, from: (1 << 32) - UInt128(size), count: size)),
        Universe("sign bit of IPv4", window(.ipv4, from: (1 << 31) - 12, count: size)),
        Universe("bottom of IPv6", window(.ipv6, from: 0, count: size)),
        Universe("top of IPv6", window(.ipv6, from: .max - UInt128(size) + 1, count: size)),
        Universe("word border of IPv6", window(.ipv6, from: (1 << 64) - 12, count: size)),
        Universe("end of IPv4 in IPv6", window(.ipv6, from: (1 << 32) - 12, count: size)),
        Universe(
            "top of IPv4 and bottom of IPv6",
            window(.ipv4, from: (1 << 32) - 12, count: 12) + window(.ipv6, from: 0, count: 12)),
        Universe(
            "bottom and top of IPv6", window(.ipv6, from: 0, count: 12) + window(.ipv6, from: .max - 11, count: 12)),
    ]

    /// The number of an address; `nil` outside the universe.
    func number(of address: IPAddress) -> Int? { numbers[address] }

    /// A range between two members, which stays inside the universe.
    func randomRange(using generator: inout CaseGenerator) -> AddressRange {
        let first = generator.below(addresses.count)
        var last = first
        let length = generator.oneIn(3) ? 0 : generator.below(generator.oneIn(4) ? addresses.count : 5)
        while last - first < length, last + 1 < addresses.count, addresses[last].adding(1) == addresses[last + 1] {
            last += 1
        }
        return AddressRange(addresses[first], addresses[last])
    }

    /// The numbers of the members of a range, found by asking for each address.
    func model(of range: AddressRange) -> Set<Int> {
        Set(addresses.indices.filter { range.lowerBound <= addresses[$0] && addresses[$0] <= range.upperBound })
    }

    /// A set and its model.
    func randomSet(using generator: inout CaseGenerator) -> (set: AddressSet, model: Set<Int>) {
        let ranges = (0..<generator.below(6)).map { _ in randomRange(using: &generator) }
        return (AddressSet(ranges), ranges.reduce(into: []) { $0.formUnion(model(of: $1)) })
    }
}
