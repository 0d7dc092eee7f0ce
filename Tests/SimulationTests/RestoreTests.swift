import IPAMCore
import IPAMEngine
import Testing

/// What a restored backup leaves true, and what only comes back when the running workloads are added again.
@Suite struct RestoreTests {
    /// One pool of three addresses in one store.
    struct Host {
        var store: SimulatedStore
        let pool: PoolCandidate

        init() throws {
            let addresses = try AddressSet(parsing: ["10.0.0.1-10.0.0.3"])
            pool = PoolCandidate(pool: "p", addresses: addresses)
            store = SimulatedStore(addresses.lowest.map { [BlockKey(containing: $0)] } ?? [])
        }

        func request(_ name: String, _ container: String) -> ClaimRequest {
            ClaimRequest(
                owner: Claim.Owner(uid: name), interface: "eth0", containerID: container, now: Timestamp(seconds: 1),
                demands: [FamilyDemand(family: .ipv4, candidates: [pool])], declaredAddresses: ["p": pool.addresses])
        }

        mutating func add(_ name: String, _ container: String) throws -> [String] {
            var process = ClaimProcess(request(name, container))
            return try store.run(&process).map(\.address.description)
        }

        mutating func delete(_ container: String) throws -> [String] {
            let attachment = Claim.Attachment(containerID: container, interface: "eth0")
            var process = ReleaseProcess(attachment, now: Timestamp(seconds: 2))
            return try store.run(&process).map(\.address.description)
        }
    }

    @Test func whatIsOlderThanTheBackupIsKept() throws {
        var host = try Host()
        let address = try host.add("a", "a1")
        host.store.makeBackup()
        // The sandbox was replaced after the backup, so the store knows the former one again.
        #expect(try host.add("a", "a2") == address)
        host.store.restore()
        #expect(try host.add("a", "a2") == address)
        // From then on a late DEL is harmless again.
        #expect(try host.delete("a1") == [])
    }

    @Test func aLateReleaseBeforeTheNextAddFreesWhatTheBackupKnew() throws {
        var host = try Host()
        let address = try host.add("a", "a1")
        host.store.makeBackup()
        #expect(try host.add("a", "a2") == address)
        host.store.restore()
        #expect(try host.delete("a1") == address)
    }

    @Test func whatIsYoungerIsUnprotectedUntilItIsAddedAgain() throws {
        var host = try Host()
        host.store.makeBackup()
        #expect(try host.add("young", "y1") == ["10.0.0.1"])
        host.store.restore()
        // Nobody knows of it, so somebody else is told the same address …
        #expect(try host.add("other", "o1") == ["10.0.0.1"])
        // … and the next ADD makes it two again.
        #expect(try host.add("young", "y1") == ["10.0.0.2"])
        #expect(try host.add("other", "o1") == ["10.0.0.1"])
    }

    @Test func whatWasReleasedAfterTheBackupComesBackUntilItIsReleasedAgain() throws {
        var host = try Host()
        let address = try host.add("gone", "g1")
        host.store.makeBackup()
        #expect(try host.delete("g1") == address)
        host.store.restore()
        #expect(host.store.blocks.flatMap(\.block.claims).map(\.containerID) == ["g1"])
        #expect(try host.add("a", "a1") == ["10.0.0.2"])
        #expect(try host.delete("g1") == address)
    }

    @Test func whoLookedBeforeTheRestoreHasToLookAgain() throws {
        var host = try Host()
        _ = try host.add("a", "a1")
        host.store.makeBackup()
        let seen = host.store.blocks
        host.store.restore()
        #expect(!host.store.accepts(seen))
        #expect(host.store.blocks.map(\.block) == seen.map(\.block))
    }

    /// The block counts its sequence numbers from the backup on again, so a number alone does not name a claim.
    @Test func aReclaimingFromBeforeTheRestoreEndsNobodyElsesClaim() throws {
        var host = try Host()
        host.store.makeBackup()
        _ = try host.add("old", "o1")
        let seen = try #require(host.store.blocks.first?.block.claims.first)
        host.store.restore()
        _ = try host.add("new", "n1")
        let present = try #require(host.store.blocks.first?.block.claims.first)
        try #require(present.address == seen.address && present.sequence == seen.sequence)
        var process = AddressProcess(.reclaim(seen), of: seen.address, now: Timestamp(seconds: 3))
        #expect(try !host.store.run(&process))
        #expect(host.store.blocks.first?.block.claims == [present])
    }
}
