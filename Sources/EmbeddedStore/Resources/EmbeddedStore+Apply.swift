public import IPAMCore
internal import JSONTree
public import PoolModel

/// What became of one applied manifest.
public struct AppliedResource: Sendable, Hashable {
    /// What changed.
    public enum Outcome: String, Sendable, Hashable {
        /// It did not exist before.
        case created
        /// It existed and was changed.
        case configured
        /// It existed like this.
        case unchanged
    }

    /// The kind.
    public let kind: ResourceKind
    /// The name.
    public let name: String
    /// What changed.
    public let outcome: Outcome
    /// What the writer should know.
    public let warnings: [AdmissionWarning]
}

/// Manifests that were refused; nothing was applied.
public struct RefusedResources: Error, Sendable, Hashable {
    /// A refused manifest and its place in the list.
    public struct Refusal: Sendable, Hashable {
        /// Index in the list that was to be applied.
        public let index: Int
        /// What is wrong.
        public let reason: InvalidResource
    }

    /// The refused ones, in the order of the list; never empty.
    public let refusals: [Refusal]
}

extension EmbeddedStore {
    /// Creates or changes resources: all of them, or none.
    ///
    /// Every resource is completed, then validated against what exists and what stands before it in the list. Statuses
    /// in manifests are ignored, they follow from the blocks; so is the time of deletion, which is not for writers to
    /// say and would exempt the manifest from validation.
    ///
    /// - Parameters:
    ///   - resources: What to create or change.
    ///   - now: The present moment.
    ///   - bootID: Boot ID of the running host; with it, what a reboot made void is freed first.
    ///   - dryRun: Whether everything is taken back.
    /// - Returns: what became of each, in order.
    /// - Throws: ``TransactionFailure``: the refusals, each with all its mistakes, or the failure of the file.
    public mutating func apply(
        _ resources: [any Resource], now: Timestamp, bootID: String = "", dryRun: Bool = false
    ) throws(TransactionFailure<ApplyFailure>) -> [AppliedResource] {
        var applied: [AppliedResource] = []
        do throws(TransactionFailure<ApplyFailure>) {
            try transaction(durably: true) { store throws(ApplyFailure) in
                try store.forgetVoidClaims(bootID: bootID, now: now)
                applied = try store.applyAll(resources, now: now)
                if dryRun { throw .dryRun }
            }
        } catch {
            guard case .refused(.dryRun) = error else { throw error }
        }
        return applied
    }

    mutating func forgetVoidClaims(bootID: String, now: Timestamp) throws(ApplyFailure) {
        guard !bootID.isEmpty else { return }
        try stored { store throws(StoreError) in _ = try store.dropVoidClaims(bootID: bootID, now: now) }
    }

    /// Applies resources within a transaction that runs already.
    ///
    /// - Parameters:
    ///   - resources: What to create or change.
    ///   - now: The present moment.
    ///   - keepsExisting: Whether what exists stays as it is, and counts as unchanged.
    /// - Returns: what became of each, in order.
    /// - Throws: ``ApplyFailure``: the refusals, or the failure of the file.
    mutating func applyAll(
        _ resources: [any Resource], now: Timestamp, keepsExisting: Bool = false
    ) throws(ApplyFailure) -> [AppliedResource] {
        var applied: [AppliedResource] = []
        var refusals: [RefusedResources.Refusal] = []
        var known = try stored { store throws(StoreError) in
            KnownResources(pools: try store.pools(), reservations: try store.reservations())
        }
        for (index, resource) in resources.enumerated() {
            if keepsExisting, known.contains(resource) {
                applied.append(
                    AppliedResource(
                        kind: type(of: resource).kind, name: resource.name, outcome: .unchanged, warnings: []))
                continue
            }
            do throws(ApplyFailure) {
                applied.append(try applyOne(resource, among: &known, now: now))
            } catch {
                guard case .invalid(let reason) = error else { throw error }
                refusals.append(RefusedResources.Refusal(index: index, reason: reason))
            }
        }
        guard refusals.isEmpty else { throw .refused(RefusedResources(refusals: refusals)) }
        return applied
    }

    /// Why a list of resources was not applied.
    public enum ApplyFailure: Error {
        /// Some of them are wrong.
        case refused(RefusedResources)
        /// One is wrong; the list goes on, to find all mistakes.
        case invalid(InvalidResource)
        /// The file could not be used.
        case store(StoreError)
        /// All would have been applied.
        case dryRun
    }

    /// What exists while a list is applied, so that it is read once and not again for every manifest.
    private struct KnownResources {
        var pools: [SpiderIPPool]
        var reservations: [SpiderReservedIP]

        /// Whether something of this kind and name exists.
        func contains(_ resource: any Resource) -> Bool {
            resource is SpiderIPPool
                ? pools.contains { $0.name == resource.name } : reservations.contains { $0.name == resource.name }
        }
    }

    private mutating func applyOne(
        _ resource: any Resource, among known: inout KnownResources, now: Timestamp
    ) throws(ApplyFailure) -> AppliedResource {
        switch resource {
        case let pool as SpiderIPPool:
            return try applyPool(pool, among: &known, now: now)
        case let reservation as SpiderReservedIP:
            return try applyReservation(reservation, among: &known, now: now)
        default:
            let error = FieldError(
                .notSupported, at: .root.appending("kind"), value: type(of: resource).kind.name,
                "the embedded mode keeps SpiderIPPool and SpiderReservedIP")
            throw .invalid(
                InvalidResource(kind: type(of: resource).kind.name, name: resource.name, errors: [error]))
        }
    }

    private mutating func applyPool(
        _ manifest: SpiderIPPool, among known: inout KnownResources, now: Timestamp
    ) throws(ApplyFailure) -> AppliedResource {
        var pool = manifest
        pool.metadata.deletionTimestamp = nil
        pool = pool.defaulted()
        pool.status = SpiderIPPool.Status()
        let old = known.pools.first { $0.name == pool.name }
        let others = known.pools.filter { $0.name != pool.name }
        let errors: [FieldError]
        if let old {
            errors = pool.validateUpdate(from: old, among: others, inUse: try inUse(old))
        } else {
            errors = pool.validateCreation(among: others)
        }
        try refuse(errors, SpiderIPPool.kind, pool.name)
        let outcome = try store(
            &pool, replacing: old, family: pool.family, isDefault: pool.spec.isDefault, now: now
        ) { $0.spec == $1.spec }
        known.pools = others + [pool]
        return AppliedResource(
            kind: SpiderIPPool.kind, name: pool.name, outcome: outcome,
            warnings: pool.warnings(among: others, reserved: known.reservations))
    }

    private mutating func applyReservation(
        _ manifest: SpiderReservedIP, among known: inout KnownResources, now: Timestamp
    ) throws(ApplyFailure) -> AppliedResource {
        var reservation = manifest
        reservation.metadata.deletionTimestamp = nil
        reservation = reservation.defaulted()
        let old = known.reservations.first { $0.name == reservation.name }
        let errors = old.map { reservation.validateUpdate(from: $0) } ?? reservation.validateCreation()
        try refuse(errors, SpiderReservedIP.kind, reservation.name)
        let outcome = try store(
            &reservation, replacing: old, family: reservation.family, isDefault: false, now: now
        ) { $0.spec == $1.spec }
        known.reservations = known.reservations.filter { $0.name != reservation.name } + [reservation]
        let held = try stored { store throws(StoreError) in try store.addressesInUse(in: reservation.addresses) }
        return AppliedResource(
            kind: SpiderReservedIP.kind, name: reservation.name, outcome: outcome,
            warnings: reservation.warnings(inUse: held))
    }

    private mutating func store<Kind: Resource>(
        _ resource: inout Kind, replacing old: Kind?, family: AddressFamily?, isDefault: Bool, now: Timestamp,
        sameSpec: (Kind, Kind) -> Bool
    ) throws(ApplyFailure) -> AppliedResource.Outcome {
        resource.metadata.creationTimestamp = old?.metadata.creationTimestamp ?? now.description
        let generation = old?.metadata.generation ?? 0
        let isSameSpec = old.map { sameSpec($0, resource) } ?? false
        resource.metadata.generation = isSameSpec ? generation : generation + 1
        if resource == old { return .unchanged }
        let stored = StoredResource(
            kind: Kind.kind.name, name: resource.name, family: family, isDefault: isDefault,
            body: resource.tree.text(.compact))
        try self.stored { store throws(StoreError) in try store.put(stored) }
        return old == nil ? .created : .configured
    }

    private func refuse(_ errors: [FieldError], _ kind: ResourceKind, _ name: String) throws(ApplyFailure) {
        guard !errors.isEmpty else { return }
        throw .invalid(InvalidResource(kind: kind.name, name: name, errors: errors))
    }

    private mutating func inUse(_ pool: SpiderIPPool) throws(ApplyFailure) -> [AddressInUse] {
        try stored { store throws(StoreError) in
            try store.claims(of: pool).map { AddressInUse($0.address, owner: $0.ownerText) }
        }
    }

    mutating func stored<Value>(
        _ body: (inout EmbeddedStore) throws(StoreError) -> Value
    ) throws(ApplyFailure) -> Value {
        do throws(StoreError) { return try body(&self) } catch { throw .store(error) }
    }
}
