internal import IPAMCore

extension SpiderIPPool {
    /// The pool as it is stored: with finalizer, version, subnet label, and its ranges in canonical form.
    ///
    /// All or nothing: a pool whose subnet or ranges cannot be read comes back unchanged, and so does one that is
    /// being deleted. Validation then says what is wrong. Applying it again changes nothing.
    public func defaulted() -> SpiderIPPool {
        guard !metadata.isTerminating, let subnet = try? CIDR(parsing: spec.subnet) else { return self }
        var pool = self
        do throws(AddressListError) {
            pool.spec.ips = try spec.ips.merged(family: subnet.family)
            pool.spec.excludeIPs = try spec.excludeIPs.merged(family: subnet.family)
        } catch {
            return self
        }
        if !metadata.hasFinalizer { pool.metadata.finalizers.append(ResourceKind.finalizer) }
        if spec.ipVersion == nil { pool.spec.ipVersion = Int64(subnet.family.rawValue) }
        // A few IPv6 subnets have no legal label value; nothing depends on the label, so they go without.
        pool.metadata.labels[ObjectKey.poolCIDR] = subnet.labelValue
        return pool
    }
}

extension [String] {
    /// The ranges sorted and joined; a list of one entry stays as it was written.
    func merged(family: AddressFamily) throws(AddressListError) -> [String] {
        let set = try AddressSet(parsing: self, family: family)
        return count > 1 ? set.rangeTexts : self
    }
}
