import IPAMCore
import IPAMEngine
import Testing

@Suite struct BatchTests {
    static func claim(_ request: ClaimRequest) -> BatchRequest { .claim(ClaimProcess(request)) }

    static func release(_ container: String, at seconds: Int64 = 0) -> BatchRequest {
        .release(
            ReleaseProcess(
                Claim.Attachment(containerID: container, interface: "eth0"), now: Timestamp(seconds: seconds)))
    }

    @Test func manyRequestsGoOutInOneWrite() throws {
        var store = CountingStore()
        let pool = try Sample.pool("p", "10.0.0.0-10.0.1.255")
        let outcomes = try store.serve((0..<200).map { Self.claim(Sample.request("\($0)", from: [pool])) })
        #expect(Set(outcomes.flatMap(\.self)).count == 200)
        #expect(outcomes.allSatisfy { $0.count == 1 })
        #expect(store.writes == 1)
        #expect(store.store.claims.count == 200)
    }

    @Test func aPoolOfNServesExactlyNOfABatchTheFirstOnes() throws {
        var store = CountingStore()
        let pool = try Sample.pool("p", "10.0.0.60-10.0.0.69")
        let outcomes = try store.serve((0..<15).map { Self.claim(Sample.request("\($0)", from: [pool])) })
        #expect(outcomes[..<10].allSatisfy { $0.count == 1 })
        #expect(
            outcomes[10...].allSatisfy {
                $0 == ["all IP addresses used out: IPv4: IPPool p has 10 usable addresses: 10 claimed"]
            })
        #expect(store.store.claims.count == 10)
    }

    @Test func aRefusalLeavesNothingBehindAndHarmsNobody() throws {
        var store = CountingStore()
        let v4 = try Sample.pool("v4", "10.0.0.1-10.0.0.2")
        let v6 = try Sample.pool("v6", "fd00::1")
        // The second one picks an IPv4 address and finds no IPv6 one; the third gets what the second had picked.
        let outcomes = try store.serve([
            Self.claim(Sample.request("a", from: [v4], [v6])), Self.claim(Sample.request("b", from: [v4], [v6])),
            Self.claim(Sample.request("c", from: [v4])),
        ])
        #expect(outcomes[0] == ["10.0.0.1", "fd00::1"])
        #expect(outcomes[1] == ["all IP addresses used out: IPv6: IPPool v6 has 1 usable address: 1 claimed"])
        #expect(outcomes[2] == ["10.0.0.2"])
        #expect(store.writes == 1)
    }

    @Test func oneSeesWhatTheOneBeforeDid() throws {
        var store = CountingStore()
        let pool = try Sample.pool("p", "10.0.0.1")
        let outcomes = try store.serve([
            Self.claim(Sample.request("a", from: [pool])), Self.claim(Sample.request("a", from: [pool])),
            Self.release("c-a", at: 1), Self.release("c-a", at: 1),
            Self.claim(Sample.request("b", at: 1, from: [pool])),
        ])
        #expect(outcomes == [["10.0.0.1"], ["10.0.0.1"], ["10.0.0.1"], [], ["10.0.0.1"]])
        #expect(store.store.claims.map(\.owner.uid) == ["b"])
        #expect(store.writes == 1)
    }

    @Test func afterAConflictOnlyThoseConcernedDecideAgain() throws {
        let near = try Sample.pool("near", "10.0.0.0-10.0.0.63")
        let far = try Sample.pool("far", "10.9.0.0-10.9.0.63")
        var store = CountingStore(interference: Sample.request("other", from: [far]))
        let outcomes = try store.serve([
            Self.claim(Sample.request("a", from: [near])), Self.claim(Sample.request("b", from: [far])),
            Self.claim(Sample.request("c", from: [near])),
        ])
        #expect(outcomes == [["10.0.0.0"], ["10.9.0.1"], ["10.0.0.1"]])
        #expect(store.writes == 2)
        // The two of the pool that nobody else touched asked once.
        #expect(store.lookedFor == [["a", "b", "c"], ["b"]])
    }

    @Test func whoFoundNothingBecauseOfAPlanThatIsGoneDecidesAgain() throws {
        let former = try Sample.pool("former", "10.0.0.1")
        let present = try Sample.pool("present", "10.9.0.1")
        var store = CountingStore(interference: Sample.request("other", from: [present]))
        #expect(try store.store.claim(Sample.request("a", from: [former])) == ["10.0.0.1"])
        // The ADD gives up what left its pool, and the DEL finds nothing. Then others take what the ADD had picked, it is
        // refused, and what it gave up is owned again: the DEL must free it.
        let outcomes = try store.serve([
            Self.claim(Sample.request("a", container: "c-2", from: [present])), Self.release("c-a"),
        ])
        #expect(
            outcomes == [
                ["all IP addresses used out: IPv4: IPPool present has 1 usable address: 1 claimed"], ["10.0.0.1"],
            ])
        #expect(store.store.claims.map(\.owner.uid) == ["other"])
    }

    @Test func whoIsWithdrawnIsLeftOut() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.9")
        var batch = BatchProcess(["a", "b", "c"].map { Self.claim(Sample.request($0, from: [pool])) })
        var step = batch.begin()
        var writes: [StoredBlock] = []
        while case .ask(let question) = step {
            if case .write(let blocks) = question {
                writes = blocks
                if blocks.contains(where: { $0.block.claims.contains { $0.owner.uid == "b" } }) {
                    // Too late for this write: it is under way.
                    batch.withdraw(1, because: AllocationError(.deadline))
                    step = batch.resume(.conflict)
                    continue
                }
            }
            step = batch.resume(store.answer(question))
        }
        guard case .done(let results) = step else { return #expect(Bool(false)) }
        #expect(store.claims.map(\.owner.uid) == ["a", "c"])
        #expect(writes.flatMap { $0.block.claims }.map(\.owner.uid) == ["a", "c"])
        #expect(throws: AllocationError(.deadline)) { try results[1].get() }
        #expect(try results[2].get().claims.map(\.owner.uid) == ["c"])
    }

    @Test func whoIsWithdrawnAfterDecidingIsNotWritten() throws {
        var store = MemoryStore()
        let (near, far) = (try Sample.pool("near", "10.0.0.1-10.0.0.9"), try Sample.pool("far", "10.9.0.1-10.9.0.9"))
        var batch = BatchProcess([
            Self.claim(Sample.request("a", from: [near])), Self.claim(Sample.request("b", from: [far])),
        ])
        var step = batch.begin()
        while case .ask(let question) = step {
            if batch.present == 1 { batch.withdraw(0, because: AllocationError(.withdrawn)) }
            step = batch.resume(store.answer(question))
        }
        #expect(store.claims.map(\.owner.uid) == ["b"])
    }

    /// A batch is one request after the other: the same outcomes, the same claims. Of several blocks a batch prefers one
    /// that it knows, so here each family has one.
    @Test(arguments: UInt64(1)...20) func isTheSameAsOneAfterTheOther(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var (together, alone) = (MemoryStore(), MemoryStore())
        let pools = try [
            Sample.pool("a", "10.0.0.1-10.0.0.20"), Sample.pool("b", "10.0.0.16-10.0.0.25"),
            Sample.pool("c", "fd00::1-fd00::9"),
        ]
        for step in 0..<100 {
            var requests: [BatchRequest] = []
            for _ in 0..<1 + random.next(through: 9) {
                let uid = "\(random.next(through: 29))"
                if random.next(through: 1) == 0 {
                    requests.append(Self.release("c-\(uid)", at: Int64(step)))
                } else if random.next(through: 2) == 0 {
                    requests.append(Self.claim(Sample.request(uid, at: Int64(step), from: [pools[0]], [pools[2]])))
                } else {
                    let first = Int(random.next(through: 1))
                    requests.append(
                        Self.claim(Sample.request(uid, at: Int64(step), from: [pools[first], pools[1 - first]])))
                }
            }
            let expected = try requests.map { try alone.outcomes([$0])[0] }
            #expect(try together.outcomes(requests) == expected, "seed \(seed) step \(step)")
            #expect(
                together.claims.map { [$0.address.description, $0.owner.uid] }
                    == alone.claims.map { [$0.address.description, $0.owner.uid] }, "seed \(seed) step \(step)")
        }
    }
}

extension BlockStore {
    /// What came of the requests of one batch: addresses, or the one text of a refusal.
    mutating func outcomes(_ requests: [BatchRequest]) throws -> [[String]] {
        var batch = BatchProcess(requests)
        return try run(&batch).map { result in
            switch result {
            case .success(let outcome): outcome.claims.map(\.address.description)
            case .failure(let error): [error.description]
            }
        }
    }
}

/// A store that counts, and lets somebody else write first, once.
private struct CountingStore: BlockStore {
    var store = MemoryStore()
    var interference: ClaimRequest?
    private(set) var writes = 0
    private(set) var lookedFor: [[String]] = []

    init(interference: ClaimRequest? = nil) { self.interference = interference }

    mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        switch question {
        case .owned(let searches): lookedFor.append(searches.compactMap(\.uid))
        case .write:
            writes += 1
            if let interference {
                var process = ClaimProcess(interference)
                _ = try? store.run(&process)
            }
            interference = nil
        default: break
        }
        return store.answer(question)
    }

    mutating func serve(_ requests: [BatchRequest]) throws -> [[String]] { try outcomes(requests) }
}
