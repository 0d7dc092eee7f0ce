public import IPAMCore
public import PoolModel

extension EmbeddedStore {
    /// Deletes a resource; a pool only when nobody uses one of its addresses.
    ///
    /// - Parameters:
    ///   - kind: The kind.
    ///   - name: The name.
    ///   - now: The present moment.
    ///   - bootID: Boot ID of the running host; with it, what a reboot made void is freed first.
    /// - Returns: whether it existed.
    /// - Throws: ``TransactionFailure``: the reason why it must stay, or the failure of the file.
    public mutating func delete(
        _ kind: ResourceKind, named name: String, now: Timestamp = Timestamp(milliseconds: 0), bootID: String = ""
    ) throws(TransactionFailure<ApplyFailure>) -> Bool {
        try transaction(durably: true) { store throws(ApplyFailure) in
            try store.forgetVoidClaims(bootID: bootID, now: now)
            do throws(StoreError) {
                guard try !store.resources(ofKind: kind.name, named: [name]).isEmpty else { return false }
            } catch {
                throw .store(error)
            }
            let errors = try store.objectionsToDeletion(of: kind, named: name)
            guard errors.isEmpty else {
                throw .invalid(InvalidResource(kind: kind.name, name: name, errors: errors))
            }
            do throws(StoreError) {
                try store.remove(kind: kind.name, name: name)
                return true
            } catch {
                throw .store(error)
            }
        }
    }

    private func objectionsToDeletion(of kind: ResourceKind, named name: String) throws(ApplyFailure) -> [FieldError] {
        do throws(StoreError) {
            guard kind == SpiderIPPool.kind, let pool = try pools(named: [name]).first else { return [] }
            return pool.validateDeletion(
                addressesInUse: try claims(of: pool).count, settings: AdmissionSettings(refusesDeletionInUse: true))
        } catch {
            throw .store(error)
        }
    }
}
