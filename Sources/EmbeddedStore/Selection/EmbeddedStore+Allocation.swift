public import IPAMCore
public import IPAMEngine
internal import PoolModel

extension EmbeddedStore {
    /// Serves one ADD: selects pools, gives back what a restarted workload may not keep, claims addresses.
    ///
    /// - Parameter allocation: Who asks for what.
    /// - Returns: the claims or the refusal, with what led to them. After a refusal the transaction must not be
    ///   committed: something may have been given back already.
    /// - Throws: ``StoreError`` when the file cannot be used.
    /// - Precondition: runs inside ``transaction(durably:_:)``.
    public mutating func allocate(_ allocation: Allocation) throws(StoreError) -> AllocationOutcome {
        if !allocation.bootID.isEmpty { _ = try dropVoidClaims(bootID: allocation.bootID, now: allocation.now) }
        var process = AllocationProcess(allocation)
        var step = process.begin()
        while true {
            switch step {
            case .done(let outcome):
                return outcome
            case .ask(let question):
                let answer = try answer(question, at: allocation.now)
                do throws(InvalidResource) {
                    step = try process.resume(answer)
                } catch {
                    throw StoreError(.damaged, path: path, detail: "\(error)")
                }
            }
        }
    }

    /// What a claim of this identity and attachment would keep, IPv4 first.
    public mutating func ownedClaims(
        of identity: Claim.Identity, attachment: Claim.Attachment
    ) throws(StoreError) -> [Claim] {
        let own = try claims(ofIdentity: identity)
        return own + (try claims(of: attachment)).filter { $0.identity != identity }
    }

    private mutating func answer(
        _ question: AllocationQuestion, at now: Timestamp
    ) throws(StoreError) -> AllocationAnswer {
        switch question {
        case .interfaces(let owner):
            return .interfaces(try interfaces(ownedBy: owner))
        case .owned(let identity, let attachment):
            return .claims(try ownedClaims(of: identity, attachment: attachment))
        case .others(let identity):
            var claims: [Claim] = []
            for interface in try interfaces(ownedBy: identity.uid) where interface != identity.interface {
                claims += try self.claims(ofIdentity: Claim.Identity(uid: identity.uid, interface: interface))
            }
            return .claims(claims)
        case .pools(let names, let requests):
            var pools = names.isEmpty ? [] : try pools(named: names)
            for request in requests { pools += try self.pools(consideredBy: request) }
            return .pools(pools)
        case .reservations:
            return .reservations(try reservations())
        case .exchange(let claims, let request):
            return .claimed(try exchange(claims, for: request, at: now))
        }
    }

    private mutating func exchange(
        _ claims: [Claim], for request: ClaimRequest, at now: Timestamp
    ) throws(StoreError) -> Result<[Claim], AllocationError> {
        do throws(EngineFailure<StoreError>) {
            for claim in claims {
                var change = AddressProcess(.reclaim(claim), of: claim.address, now: now)
                _ = try run(&change)
            }
            var process = ClaimProcess(request)
            return .success(try run(&process))
        } catch {
            switch error {
            case .refused(let error): return .failure(error)
            case .store(let error): throw error
            }
        }
    }
}
