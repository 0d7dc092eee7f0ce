internal import IPAMCore
internal import JSONTree

extension SpiderIPPool {
    /// What is allowed, but probably not meant: addresses that are reserved, another gateway than pools of the same
    /// subnet have.
    public func warnings(among others: [SpiderIPPool], reserved: [SpiderReservedIP]) -> [AdmissionWarning] {
        guard let pool = try? ResolvedPool(self) else { return [] }
        var warnings: [AdmissionWarning] = []
        for object in reserved.sorted(by: { $0.name < $1.name }) where !object.metadata.isTerminating {
            let common = object.addresses.intersection(pool.addresses)
            guard !common.isEmpty else { continue }
            warnings.append(
                AdmissionWarning(
                    at: .spec.appending("ips"),
                    "\(common.excerpt) reserved by SpiderReservedIP \(object.name.quoted) will not be handed out"))
        }
        guard let gateway = pool.gateway else { return warnings }
        let differing = others.sorted { $0.name < $1.name }.compactMap { other -> String? in
            guard other.name != name, (try? CIDR(lenientParsing: other.spec.subnet)) == pool.subnet,
                let otherGateway = other.spec.gateway.flatMap({ IPAddress($0) }), otherGateway != gateway
            else { return nil }
            return "\(otherGateway) of pool \(other.name.quoted)"
        }
        if !differing.isEmpty {
            warnings.append(
                AdmissionWarning(
                    at: .spec.appending("gateway"),
                    "\(gateway) differs from \(PoolCheck.excerpt(differing)) in the same subnet; check which is right"))
        }
        return warnings
    }
}
