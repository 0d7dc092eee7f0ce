internal import IPAMCore

extension PoolCheck {
    /// The other pools, without the pool itself, by name.
    private func rivals(among others: [SpiderIPPool]) -> [SpiderIPPool] {
        others.filter { $0.name != pool.name }.sorted { $0.name < $1.name }
    }

    /// No other pool has a subnet that overlaps without being the same.
    mutating func checkSubnetOverlap(with others: [SpiderIPPool]) {
        guard let subnet else { return }
        let colliding = rivals(among: others).filter { other in
            guard let cidr = try? CIDR(lenientParsing: other.spec.subnet) else { return false }
            return cidr != subnet && cidr.overlaps(subnet)
        }
        guard !colliding.isEmpty else { return }
        let names = Self.excerpt(colliding.map { "\($0.spec.subnet) of pool \($0.name.quoted)" })
        add(
            .invalid, at: "subnet", value: pool.spec.subnet,
            "overlaps \(names); pools have the same subnet or subnets without a common address")
    }

    /// No other pool of the same subnet offers one of the addresses; compares subnets, whatever the labels say.
    mutating func checkAddressOverlap(with others: [SpiderIPPool]) {
        guard let subnet, !addresses.isEmpty else { return }
        var collisions: [String] = []
        for other in rivals(among: others) {
            guard let cidr = try? CIDR(lenientParsing: other.spec.subnet), cidr == subnet else { continue }
            var check = PoolCheck(other)
            check.checkRanges()
            let common = check.addresses.intersection(addresses)
            if !common.isEmpty { collisions.append("\(common.excerpt) of pool \(other.name.quoted)") }
        }
        guard !collisions.isEmpty else { return }
        add(
            .forbidden, at: "ips",
            "overlaps \(Self.excerpt(collisions)); take the addresses out of spec.ips or add them to "
                + "spec.excludeIPs of one of the pools")
    }

    /// No address in use leaves the pool.
    mutating func checkInUse(_ inUse: [AddressInUse]) {
        let lost = inUse.filter { !addresses.contains($0.address) }.sorted { $0.address < $1.address }
        guard !lost.isEmpty else { return }
        let owners = Self.excerpt(lost.map { "\($0.address) (\($0.owner))" })
        add(
            .forbidden, at: "ips",
            "no longer offers addresses in use: \(owners); keep them, or remove their users first")
    }

    /// A list for a message that stays short.
    static func excerpt(_ items: [String]) -> String {
        let shown = items.prefix(3).joined(separator: ", ")
        return items.count > 3 ? "\(shown) and \(items.count - 3) more" : shown
    }
}
