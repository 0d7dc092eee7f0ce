internal import IPAMCore

extension SpiderIPPool {
    /// The pool as it is stored: with finalizer, version, subnet label, and its ranges in canonical form.
    ///
    /// All or nothing: a pool whose subnet or ranges cannot be read comes back unchanged, and so does one that is
    /// being deleted. Lists with a range outside the subnet stay as written, so that errors name the written entry.
    /// Validation then says what is wrong. Applying it again changes nothing.
    public func defaulted() -> SpiderIPPool {
        guard !metadata.isTerminating, let subnet = try? CIDR(parsing: spec.subnet) else { return self }
        var pool = self
        do throws(AddressListError) {
            pool.spec.ips = try spec.ips.merged(family: subnet.family, within: subnet)
            pool.spec.excludeIPs = try spec.excludeIPs.merged(family: subnet.family, within: subnet)
        } catch {
            return self
        }
        if !metadata.hasFinalizer { pool.metadata.finalizers.append(ResourceKind.finalizer) }
        if spec.ipVersion == nil { pool.spec.ipVersion = Int64(subnet.family.rawValue) }
        // A few IPv6 subnets have no legal label value; nothing depends on the label, so they go without.
        pool.metadata.labels[LabelKey.poolCIDR] = subnet.labelValue
        return pool
    }
}

extension [String] {
    /// The ranges sorted and joined; a list of one entry, or one that leaves the prefix, stays as it was written.
    func merged(family: AddressFamily, within prefix: CIDR? = nil) throws(AddressListError) -> [String] {
        let set = try AddressSet(parsing: self, family: family)
        let isInside = prefix.map { set.isSubset(of: AddressSet($0)) } ?? true
        return count > 1 && isInside ? set.rangeTexts : self
    }
}
