internal import IPAMCore
internal import JSONTree

extension SpiderIPPool {
    /// What is wrong with a pool that is to be created, after ``defaulted()``; empty when it may be.
    ///
    /// The order is stable. Mistakes that follow from another are left out.
    ///
    /// - Parameters:
    ///   - others: The pools that exist.
    ///   - settings: What the installation allows.
    /// - Returns: The errors, the first cause first.
    /// - Complexity: O(*n* log *n*) in the number of ranges of all pools, whatever their size.
    public func validateCreation(among others: [SpiderIPPool], settings: AdmissionSettings = AdmissionSettings())
        -> [FieldError]
    {
        var check = PoolCheck(self)
        check.errors += metadata.validate()
        check.checkVersion()
        if let family = check.family, !settings.enabledFamilies.contains(family) {
            check.add(
                .forbidden, at: "ipVersion",
                "\(family) is disabled; switch it on in the configuration or use the other family")
        }
        check.checkSubnet()
        if others.contains(where: { $0.name == name }) {
            check.errors.append(
                FieldError(
                    .alreadyExists, at: .metadata.appending("name"), value: name,
                    "a SpiderIPPool of this name exists; choose another name or update that pool"))
        }
        check.checkSubnetOverlap(with: others)
        check.checkContents(among: others)
        return check.errors
    }

    /// What is wrong with a change of a pool, after ``defaulted()``; empty when it may be made.
    ///
    /// Whether the family is enabled is a question of creation only, so that labels and finalizers of existing pools
    /// can still be changed after a family was switched off.
    ///
    /// - Parameters:
    ///   - old: The pool as it is stored.
    ///   - others: The pools that exist; the pool itself may be among them.
    ///   - inUse: The addresses of the pool that somebody uses.
    /// - Returns: The errors, the first cause first.
    public func validateUpdate(from old: SpiderIPPool, among others: [SpiderIPPool], inUse: [AddressInUse] = [])
        -> [FieldError]
    {
        if old.metadata.isTerminating || metadata.isTerminating {
            guard metadata.hasFinalizer else { return [] }
            return [
                FieldError(
                    .operationForbidden, at: .metadata.appending("deletionTimestamp"),
                    "the pool is being deleted; only its finalizer can be removed")
            ]
        }
        var check = PoolCheck(self)
        check.errors += metadata.validate()
        check.checkVersion()
        if let family = check.family, let before = old.family, family != before {
            check.add(
                .forbidden, at: "ipVersion",
                "cannot change from \(before) to \(family); create another pool instead")
        }
        if !isSameSubnet(as: old) {
            check.add(
                .forbidden, at: "subnet",
                "cannot change from \(old.spec.subnet) to \(spec.subnet); create another pool instead")
        }
        guard check.errors.isEmpty else { return check.errors }
        check.checkSubnet()
        check.checkContents(among: others)
        if check.errors.isEmpty { check.checkInUse(inUse) }
        return check.errors
    }

    /// Why the pool may not be deleted now; empty when it may.
    ///
    /// - Parameters:
    ///   - count: Number of its addresses in use.
    ///   - settings: Without ``AdmissionSettings/refusesDeletionInUse`` a pool may always be deleted; it then waits
    ///     for the last address to be released.
    /// - Returns: At most one error.
    public func validateDeletion(addressesInUse count: Int, settings: AdmissionSettings = AdmissionSettings())
        -> [FieldError]
    {
        guard settings.refusesDeletionInUse, count > 0 else { return [] }
        let subject = count == 1 ? "1 address is" : "\(count) addresses are"
        return [
            FieldError(
                .operationForbidden, at: .metadata.appending("deletionTimestamp"),
                "\(subject) still in use; remove their users first, or set spec.disable to hand out no more")
        ]
    }

    private func isSameSubnet(as other: SpiderIPPool) -> Bool {
        guard spec.subnet != other.spec.subnet else { return true }
        guard let mine = try? CIDR(lenientParsing: spec.subnet) else { return false }
        return mine == (try? CIDR(lenientParsing: other.spec.subnet))
    }
}

extension PoolCheck {
    /// The checks that creation and change have in common.
    fileprivate mutating func checkContents(among others: [SpiderIPPool]) {
        checkRanges()
        checkAddressOverlap(with: others)
        checkGateway()
        checkRoutes()
        checkAffinities()
    }
}
