internal import IPAMCore
internal import JSONTree

/// Reads what a pool's specification means and collects what is wrong with it, step by step.
///
/// Each step uses what the steps before it could read and leaves out what depends on something unreadable, so that
/// one mistake is reported once and mistakes that have nothing to do with each other are all reported.
struct PoolCheck {
    let pool: SpiderIPPool
    var errors: [FieldError] = []
    /// The family; `nil` when neither version nor subnet says it.
    private(set) var family: AddressFamily?
    /// The subnet; `nil` when it is not a canonical prefix of the family.
    private(set) var subnet: CIDR?
    /// The ranges of `ips` that are fine, with their places.
    private(set) var included: [(index: Int, range: AddressRange)] = []
    /// The ranges of `excludeIPs` that are fine, with their places.
    private(set) var excluded: [(index: Int, range: AddressRange)] = []
    /// `ips` without `excludeIPs`, of the ranges that are fine.
    private(set) var addresses = AddressSet.empty
    var gateway: IPAddress?
    var routes: [PoolRoute] = []

    init(_ pool: SpiderIPPool) { self.pool = pool }

    mutating func add(_ type: FieldError.ErrorType, at field: String, value: String? = nil, _ message: String) {
        errors.append(FieldError(type, at: .spec.appending(field), value: value, message))
    }

    /// `spec.ipVersion` is 4 or 6, or follows from the subnet.
    mutating func checkVersion() {
        family = pool.family
        guard family == nil else { return }
        if let version = pool.spec.ipVersion {
            add(.notSupported, at: "ipVersion", value: String(version), "supported values: \"4\", \"6\"")
        } else {
            add(.invalid, at: "ipVersion", "cannot be derived, since spec.subnet is not a CIDR; correct spec.subnet")
        }
    }

    /// `spec.subnet` is a canonical prefix of the family.
    mutating func checkSubnet() {
        let text = pool.spec.subnet
        let cidr: CIDR
        do throws(AddressParseError) {
            cidr = try CIDR(parsing: text)
        } catch {
            errors.append(.unreadable(text, at: .spec.appending("subnet"), error))
            return
        }
        if let family, cidr.family != family {
            add(
                .invalid, at: "subnet", value: text,
                "is \(cidr.family), but spec.ipVersion says \(family); correct one of the two")
        } else if cidr.prefixLength >= 96, cidr.network.v6?.isIPv4Mapped == true {
            let plain = CIDR(containing: cidr.network.unmapped, prefixLength: cidr.prefixLength - 96)
            add(
                .invalid, at: "subnet", value: text,
                "is IPv4 in the clothes of IPv6; write \(plain?.description.quoted ?? "an IPv4 CIDR") "
                    + "with spec.ipVersion 4")
        } else {
            subnet = cidr
        }
    }

    /// Every range of `ips` and `excludeIPs` is legal and inside the subnet; those of `ips` do not overlap.
    mutating func checkRanges() {
        included = ranges(pool.spec.ips, field: "ips")
        errors += overlaps()
        excluded = ranges(pool.spec.excludeIPs, field: "excludeIPs")
        addresses = AddressSet(included.map(\.range)).subtracting(AddressSet(excluded.map(\.range)))
    }

    private mutating func ranges(_ texts: [String], field: String) -> [(index: Int, range: AddressRange)] {
        var ranges: [(index: Int, range: AddressRange)] = []
        for (index, text) in texts.enumerated() {
            let path = JSONFieldPath.spec.appending(field).appending(index)
            do throws(AddressParseError) {
                let range = try AddressRange(parsing: text)
                if let family, range.family != family {
                    errors.append(
                        FieldError(
                            .invalid, at: path, value: text,
                            "is \(range.family), but the pool is \(family); move it to a pool of its family"))
                } else if let subnet, !subnet.range.contains(range) {
                    errors.append(
                        FieldError(
                            .invalid, at: path, value: text,
                            "lies outside spec.subnet \(subnet); keep within \(subnet.range)"))
                } else {
                    ranges.append((index, range))
                }
            } catch {
                errors.append(.unreadable(text, at: path, error))
            }
        }
        return ranges
    }

    private func overlaps() -> [FieldError] {
        var found: [(index: Int, error: FieldError)] = []
        var reach: (index: Int, range: AddressRange)?
        for entry in included.sorted(by: { ($0.range, $0.index) < ($1.range, $1.index) }) {
            if let other = reach, let common = other.range.intersection(entry.range) {
                let (first, second) = other.index < entry.index ? (other, entry) : (entry, other)
                let error = FieldError(
                    .invalid, at: .spec.appending("ips").appending(second.index), value: pool.spec.ips[second.index],
                    "shares \(common) with spec.ips[\(first.index)]; list every address once")
                found.append((second.index, error))
            }
            if let other = reach, other.range.upperBound >= entry.range.upperBound { continue }
            reach = entry
        }
        return found.sorted { $0.index < $1.index }.map(\.error)
    }
}
