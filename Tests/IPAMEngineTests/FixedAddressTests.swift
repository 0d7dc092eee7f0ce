import IPAMCore
import IPAMEngine
import Testing

@Suite struct FixedAddressTests {
    /// A request of a workload with a stable identity.
    static func fixed(_ uid: String, container: String, at seconds: Int64 = 0, from pool: PoolCandidate) -> ClaimRequest
    {
        var request = Sample.request(uid, container: container, at: seconds, from: [pool])
        request.isFixed = true
        request.bootID = "boot"
        return request
    }

    @Test func aFixedAddressOutlivesItsContainerAlsoInAFullPool() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.2")
        let address = try store.claim(Self.fixed("web-0", container: "first", from: pool))
        #expect(store.claims.first?.bootID == "")
        _ = try store.claim(Sample.request("other", from: [pool]))
        #expect(try store.release("first", at: 1) == address)
        let retained = try #require(store.claims.first)
        #expect(retained.state == .retained)
        #expect(retained.containerID == "")
        #expect(retained.sequence == 2 || retained.sequence == 3)
        // Nobody else gets it, however full the pool is.
        #expect(throws: EngineFailure<Never>.self) { try store.claim(Sample.request("late", from: [pool])) }
        #expect(try store.claim(Self.fixed("web-0", container: "second", at: 2, from: pool)) == address)
        #expect(store.claims.first?.state == .allocated)
        // A late DEL of the first sandbox changes nothing.
        #expect(try store.release("first", at: 3) == [])
        #expect(store.claims.first?.containerID == "second")
    }

    @Test func reclaimingNeedsTheClaimAsItIs() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.2")
        _ = try store.claim(Self.fixed("web-0", container: "first", from: pool))
        _ = try store.release("first")
        let claim = try #require(store.claims.first)
        func reclaim(_ claim: Claim) throws -> Bool {
            var process = AddressProcess(.reclaim(claim), of: claim.address, now: Timestamp(seconds: 9))
            return try store.run(&process)
        }
        var older = claim
        older.sequence -= 1
        #expect(try !reclaim(older))
        // As after a restored backup, which counts again: the same number, another claim.
        var other = claim
        other.since = claim.since.adding(.seconds(1))
        #expect(try !reclaim(other))
        #expect(store.claims == [claim])
        #expect(try reclaim(claim))
        #expect(store.claims.isEmpty)
        #expect(try !reclaim(claim))
    }

    @Test func aQuarantinedAddressIsGivenToNobody() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1")
        let address = try #require(pool.addresses.lowest)
        var process = AddressProcess(.quarantine, of: address, now: Timestamp(seconds: 0))
        #expect(try store.run(&process))
        let failure = #expect(throws: EngineFailure<Never>.self) {
            try store.claim(Sample.request("a", at: 599, from: [pool]))
        }
        guard case .refused(let error)? = failure else { return #expect(Bool(false)) }
        #expect(error.reasons == ["IPPool p has 1 usable address: 0 claimed, 1 quarantined"])
        #expect(try store.claim(Sample.request("a", at: 600, from: [pool])) == ["10.0.0.1"])
        var again = AddressProcess(.quarantine, of: address, now: Timestamp(seconds: 601))
        #expect(try !store.run(&again))
    }

    @Test func oneParticularAddressIsGivenOrRefusedWithTheReason() throws {
        var store = MemoryStore()
        let pools = [try Sample.pool("p", "10.0.0.1-10.0.0.2"), try Sample.pool("q", "10.0.1.1-10.0.1.9")]
        func request(_ uid: String, _ wanted: String, at seconds: Int64 = 0) -> ClaimRequest {
            var request = Sample.request(uid, at: seconds, from: pools)
            request.demands[0].wanted = IPAddress(wanted)
            return request
        }
        func reason(_ request: ClaimRequest) throws -> String {
            let failure = #expect(throws: EngineFailure<Never>.self) { try store.claim(request) }
            guard case .refused(let error)? = failure else { return "" }
            return error.description
        }
        #expect(try store.claim(request("a", "10.0.1.5")) == ["10.0.1.5"])
        #expect(try store.claim(request("a", "10.0.1.5")) == ["10.0.1.5"])
        #expect(
            try reason(request("b", "10.0.1.5"))
                == "requested IP address unavailable: IPv4: 10.0.1.5 belongs to shop/web-a")
        #expect(
            try reason(request("b", "10.9.9.9"))
                == "requested IP address unavailable: IPv4: 10.9.9.9 is not among the addresses that [p q] may give out"
        )
        // Asking for another one moves the identity; the old address is free afterwards.
        #expect(try store.claim(request("a", "10.0.0.2", at: 5)) == ["10.0.0.2"])
        #expect(store.claims.map(\.address.description) == ["10.0.0.2"])
        var quarantine = AddressProcess(
            .quarantine, of: IPAddress.v4(IPv4Address(10, 0, 0, 1)), now: Timestamp(seconds: 5))
        _ = try store.run(&quarantine)
        #expect(try reason(request("b", "10.0.0.1", at: 6)).contains("is quarantined until 1970-01-01T00:10:05Z"))
    }

    @Test func policiesDecideHowManyFamiliesAreNeeded() throws {
        let v4 = try Sample.pool("v4", "10.0.0.1")
        let v6 = try Sample.pool("v6", "fd00::1-fd00::2")
        func request(_ uid: String, _ policy: FamilyPolicy) -> ClaimRequest {
            var request = Sample.request(uid, from: [v4], [v6])
            request.policy = policy
            return request
        }
        var store = MemoryStore()
        #expect(try store.claim(request("a", .first)) == ["10.0.0.1"])
        #expect(try store.claim(request("b", .any)) == ["fd00::1"])
        #expect(try store.claim(request("c", .first)) == ["fd00::2"])
        for policy in [FamilyPolicy.all, .any, .first] {
            let failure = #expect(throws: EngineFailure<Never>.self) { try store.claim(request("late", policy)) }
            guard case .refused(let error)? = failure else { return #expect(Bool(false)) }
            #expect(error.description.contains("IPv4: IPPool v4 has 1 usable address: 1 claimed"))
            #expect(error.description.contains("IPv6: IPPool v6") == (policy != .all))
        }
        #expect(store.claims.count == 3)
    }
}
