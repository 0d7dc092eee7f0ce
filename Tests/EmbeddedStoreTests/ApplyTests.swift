import EmbeddedStore
import IPAMCore
import IPAMEngine
import PoolModel
import Testing

@Suite struct ApplyTests {
    static let now = Timestamp(seconds: 1_790_000_000)

    static func pool(_ name: String, subnet: String = "10.0.0.0/24", _ ips: String...) -> SpiderIPPool {
        SpiderIPPool(named: name, subnet: subnet, ips: ips)
    }

    /// What became of each, or the paths of all mistakes.
    func apply(_ resources: [any Resource], to store: inout EmbeddedStore, dryRun: Bool = false) -> [String] {
        do throws(TransactionFailure<EmbeddedStore.ApplyFailure>) {
            return try store.apply(resources, now: Self.now, dryRun: dryRun).map { "\($0.name) \($0.outcome.rawValue)" }
        } catch {
            guard case .refused(.refused(let refused)) = error else { return ["\(error)"] }
            return refused.refusals.flatMap { refusal in
                refusal.reason.errors.map { "\(refusal.index) \($0.path)" }
            }
        }
    }

    @Test func createsChangesAndLeavesAlone() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        var first = Self.pool("a", "10.0.0.10-10.0.0.19")
        #expect(apply([first, Self.pool("b", "10.0.0.20-10.0.0.29")], to: &store) == ["a created", "b created"])
        #expect(apply([first], to: &store) == ["a unchanged"])
        first.spec.gateway = "10.0.0.1"
        #expect(apply([first], to: &store) == ["a configured"])
        let stored = try #require(try store.pools(named: ["a"]).first)
        #expect(stored.spec.gateway == "10.0.0.1")
        #expect(stored.metadata.generation == 2)
        #expect(stored.metadata.creationTimestamp == "\(Self.now)")
        #expect(stored.spec.ipVersion == 4)
    }

    @Test func oneMistakeAndNothingIsApplied() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let outcome = apply(
            [
                Self.pool("good", "10.0.0.10-10.0.0.19"), Self.pool("reversed", "10.0.0.9-10.0.0.1"),
                SpiderReservedIP(named: "nothing", ips: []),
            ], to: &store)
        #expect(outcome == ["1 spec.ips[0]", "2 spec.ips"])
        #expect(try store.countPools() == 0)
    }

    @Test func documentsOfOneFileAreCheckedAgainstEachOther() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let overlapping = [Self.pool("a", "10.0.0.10-10.0.0.19"), Self.pool("b", "10.0.0.19-10.0.0.29")]
        #expect(apply(overlapping, to: &store) == ["1 spec.ips"])
        let nested = [Self.pool("a", "10.0.0.10"), Self.pool("b", subnet: "10.0.0.0/16", "10.0.9.1")]
        #expect(apply(nested, to: &store) == ["1 spec.subnet"])
    }

    /// Only a server that waits for finalizers says when an object is being deleted.
    @Test func aTimeOfDeletionInAManifestDoesNotExemptItFromValidation() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let good = Self.pool("a", "10.0.0.10-10.0.0.19")
        #expect(apply([good, SpiderReservedIP(named: "r", ips: ["10.0.0.1"])], to: &store).count == 2)
        var pool = Self.pool("a", subnet: "10.0.0.0/24", "10.0.0.19-10.0.0.10")
        pool.metadata.deletionTimestamp = "2026-01-01T00:00:00Z"
        var reservation = SpiderReservedIP(named: "r", ips: ["10.0.0.1", "10.0.0.0/24"])
        reservation.metadata.deletionTimestamp = "2026-01-01T00:00:00Z"
        #expect(apply([pool, reservation], to: &store) == ["0 spec.ips[0]", "1 spec.ips[1]"])
        pool.spec.ips = good.spec.ips
        #expect(apply([pool], to: &store) == ["a unchanged"])
    }

    @Test func aDryRunSaysTheSameAndChangesNothing() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        #expect(apply([Self.pool("a", "10.0.0.10")], to: &store, dryRun: true) == ["a created"])
        #expect(try store.countPools() == 0)
    }

    @Test func anAddressInUseCannotBeTakenAwayAndItsPoolCannotBeDeleted() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        #expect(apply([Self.pool("a", "10.0.0.10-10.0.0.19")], to: &store) == ["a created"])
        let candidate = PoolCandidate(pool: "a", addresses: try AddressSet(parsing: ["10.0.0.10-10.0.0.19"]))
        #expect(try store.claim(request("u", from: [candidate])) == ["10.0.0.10"])
        #expect(apply([Self.pool("a", "10.0.0.11-10.0.0.19")], to: &store) == ["0 spec.ips"])
        var excluding = Self.pool("a", "10.0.0.10-10.0.0.19")
        excluding.spec.excludeIPs = ["10.0.0.10"]
        #expect(apply([excluding], to: &store) == ["0 spec.ips"])
        #expect(throws: TransactionFailure<EmbeddedStore.ApplyFailure>.self) {
            try store.delete(SpiderIPPool.kind, named: "a")
        }
        #expect(try store.release("u") == ["10.0.0.10"])
        #expect(try store.delete(SpiderIPPool.kind, named: "a"))
        #expect(try !store.delete(SpiderIPPool.kind, named: "a"))
    }

    @Test func changedPoolsAreSearchedFromTheStart() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        var pool = Self.pool("a", "10.0.0.100-10.0.0.101")
        _ = apply([pool], to: &store)
        func claim(_ uid: String) throws -> [String] {
            let prepared = try store.select(
                PoolRequest(
                    interface: "eth0", sources: [PoolSource(origin: .cniConfiguration, names: [.ipv4: ["a"]])]),
                facts: SelectionFacts())
            return try store.claim(request(uid, from: prepared.demands.flatMap(\.candidates)))
        }
        #expect(try claim("1") == ["10.0.0.100"])
        #expect(try claim("2") == ["10.0.0.101"])
        #expect(throws: (any Error).self) { try claim("3") }
        // A lower range appears behind the cursor, and a reservation takes one of it away.
        pool.spec.ips = ["10.0.0.10-10.0.0.11", "10.0.0.100-10.0.0.101"]
        #expect(apply([pool, SpiderReservedIP(named: "r", ips: ["10.0.0.10"])], to: &store).count == 2)
        #expect(try claim("3") == ["10.0.0.11"])
        #expect(throws: (any Error).self) { try claim("4") }
        #expect(try store.delete(SpiderReservedIP.kind, named: "r"))
        #expect(try claim("4") == ["10.0.0.10"])
    }

    /// A repetition is answered from what is owned, although no pool would be chosen now.
    @Test func whatIsOwnedIsKeptFromADisabledPool() throws {
        var store = try EmbeddedStore()
        var pool = Self.pool("a", "10.0.0.10-10.0.0.19")
        _ = apply([pool], to: &store)
        #expect(
            try store.claim(request("u", from: [PoolCandidate(pool: "a", addresses: pool.declaredAddresses)])).count
                == 1)
        pool.spec.isDisabled = true
        _ = apply([pool], to: &store)
        let asked = PoolRequest(
            interface: "eth0", sources: [PoolSource(origin: .cniConfiguration, names: [.ipv4: ["a"]])])
        let stranger = try store.select(asked, facts: SelectionFacts())
        #expect(stranger.refusal?.code == .noPool)
        #expect(stranger.demands.isEmpty)
        let owned = try store.ownedClaims(
            of: Claim.Identity(uid: "u", interface: "eth0"),
            attachment: Claim.Attachment(containerID: "u", interface: "eth0"))
        #expect(owned.count == 1)
        let kept = try store.select(asked, facts: SelectionFacts(), owned: owned)
        #expect(kept.refusal == nil)
        #expect(kept.demands.map(\.family) == [.ipv4])
        #expect(kept.pools.keys.sorted() == ["a"])
    }

    @Test func theStatusFollowsFromTheBlocks() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let pool = Self.pool("a", "10.0.0.10-10.0.0.19")
        _ = apply([pool], to: &store)
        let empty = try store.status(of: pool, bootID: "")
        #expect(empty.allocatedIPs == nil)
        #expect(empty.allocatedIPCount == 0)
        #expect(empty.totalIPCount == 10)
        let candidate = PoolCandidate(pool: "a", addresses: pool.declaredAddresses)
        _ = try store.claim(request("u-1", from: [candidate]))
        let status = try store.status(of: pool, bootID: "")
        #expect(status.allocatedIPs == #"{"10.0.0.10":{"pod":"u-1","podUid":"u-1"}}"#)
        #expect(status.allocatedIPCount == 1)
    }

    @Test func reservingAnAddressInUseWarns() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let pool = Self.pool("a", "10.0.0.10-10.0.0.19")
        _ = apply([pool], to: &store)
        _ = try store.claim(request("u-1", from: [PoolCandidate(pool: "a", addresses: pool.declaredAddresses)]))
        let applied = try store.apply([SpiderReservedIP(named: "r", ips: ["10.0.0.10"])], now: Self.now)
        #expect(applied.first?.warnings.first?.message.contains("10.0.0.10 (container u-1)") == true)
    }
}
