internal import IPAMCore

/// Decides about records one after the other, and remembers what the earlier ones took.
struct ImportPlanner {
    private struct Pool {
        let name: String
        let declared: AddressSet
        let offered: AddressSet
    }

    /// One interface of one workload, in one family.
    private struct Place: Hashable {
        let uid: String
        let interface: String
        let family: AddressFamily
    }

    private let pools: [Pool]
    private let reserved: AddressSet
    private let assumedInterface: String
    private var existing: [IPAddress: Claim] = [:]
    private var seen: [IPAddress: (claim: ImportedClaim, interface: String)] = [:]
    private var places: [Place: IPAddress] = [:]

    init(
        _ pools: [SpiderIPPool], _ reservations: [SpiderReservedIP], _ existing: [Claim], _ assumedInterface: String
    ) {
        self.pools = pools.sorted { $0.name < $1.name }.map { pool in
            let declared = pool.declaredAddresses
            return Pool(name: pool.name, declared: declared, offered: (try? ResolvedPool(pool))?.addresses ?? declared)
        }
        reserved = reservations.reservedAddresses(of: .ipv4).union(reservations.reservedAddresses(of: .ipv6))
        self.assumedInterface = assumedInterface
        for claim in existing {
            self.existing[claim.address] = claim
            places[Place(uid: claim.owner.uid, interface: claim.interface, family: claim.address.family)] =
                claim.address
        }
    }

    mutating func decide(_ claims: [ImportedClaim]) -> [ImportPlan.Entry] { claims.compactMap { decide($0) } }

    /// The verdict on one record; `nil` when an earlier one says the same.
    private mutating func decide(_ claim: ImportedClaim) -> ImportPlan.Entry? {
        let interface = claim.interface ?? assumedInterface
        func conflict(_ reason: String) -> ImportPlan.Entry {
            ImportPlan.Entry(claim: claim, interface: interface, verdict: .conflict(reason), warnings: [])
        }
        if let (other, otherInterface) = seen[claim.address] {
            if other.hasContainer(claim.containerID) || other.owner.uid == claim.owner.uid,
                otherInterface == interface || claim.interface == nil
            {
                return nil
            }
            return conflict(
                "\(other.file) gives it to \(other.owner.title), \(otherInterface); find out who uses it, and remove "
                    + "the other record")
        }
        seen[claim.address] = (claim, interface)
        if let owner = existing[claim.address] {
            let isAttached = claim.hasContainer(owner.containerID) && owner.interface == interface
            let identity = Claim.Identity(uid: claim.owner.uid, interface: interface)
            guard isAttached || owner.identity == identity else {
                return conflict(
                    "belongs to \(owner.owner.title), \(owner.interface), since \(owner.since); end one of the two")
            }
            return ImportPlan.Entry(
                claim: claim, interface: interface, verdict: .present(pool: owner.pool), warnings: [])
        }
        let place = Place(uid: claim.owner.uid, interface: interface, family: claim.address.family)
        var warnings: [String] = []
        if claim.interface == nil {
            if let other = places[place] {
                return conflict(
                    "the interface is not recorded, and \(interface) of \(claim.owner.title) has \(other); "
                        + "give a record that names the interface")
            }
            warnings.append("the interface is not recorded; \(interface) is assumed")
        }
        places[place] = claim.address
        return choosePool(claim, interface, warnings)
    }

    private func choosePool(
        _ claim: ImportedClaim, _ interface: String, _ known: [String]
    ) -> ImportPlan.Entry {
        var warnings = known
        func entry(_ verdict: ImportPlan.Verdict) -> ImportPlan.Entry {
            ImportPlan.Entry(claim: claim, interface: interface, verdict: verdict, warnings: warnings)
        }
        let declaring = pools.filter { $0.declared.contains(claim.address) }
        let offering = declaring.filter { $0.offered.contains(claim.address) }
        guard let first = offering.first ?? declaring.first else {
            let origin = claim.pool.map { " of pool \($0)" } ?? ""
            return entry(
                .conflict("no pool has this address\(origin) in spec.ips; apply one that has, then import again"))
        }
        let named = declaring.first { $0.name == claim.pool }
        guard offering.count < 2 || named != nil else {
            return entry(
                .conflict(
                    "several pools have it: \(offering.map(\.name).joined(separator: ", ")); take it out of all but one"
                )
            )
        }
        let pool = named ?? first
        if let name = claim.pool, name != pool.name {
            warnings.append("recorded in pool \(name), which does not have it")
        }
        if !pool.offered.contains(claim.address) {
            warnings.append("excluded in pool \(pool.name): nobody gets it once it is released")
        }
        if reserved.contains(claim.address) {
            warnings.append("reserved: nobody gets it once it is released")
        }
        return entry(.adopt(pool: pool.name))
    }
}

extension Claim.Owner {
    /// The owner for messages.
    fileprivate var title: String { name.isEmpty ? "container \(uid)" : text }
}
