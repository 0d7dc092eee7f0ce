import IPAMCore
import IPAMEngine
import Testing

@Suite struct RequestQueueTests {
    static func at(_ seconds: Int) -> MonotonicInstant { MonotonicInstant(sinceBoot: .seconds(seconds)) }

    private static func claim(_ uid: String) throws -> BatchRequest {
        .claim(ClaimProcess(Sample.request(uid, from: [try Sample.pool("p", "10.0.0.0-10.0.0.63")])))
    }

    @Test func whatArrivesDuringAWriteGoesOutTogether() throws {
        var (queue, store) = (RequestQueue(), MemoryStore())
        var tickets = [try queue.submit(try Self.claim("first"))]
        var question = queue.begin(at: Self.at(0))
        var writes = 0
        for name in ["a", "b", "c"] { tickets.append(try queue.submit(try Self.claim(name))) }
        #expect(queue.begin(at: Self.at(0)) == nil)
        while queue.isBusy || queue.waitingCount > 0 {
            while let asked = question {
                if case .write = asked { writes += 1 }
                question = queue.resume(store.answer(asked), at: Self.at(0))
            }
            question = queue.begin(at: Self.at(0))
        }
        #expect(writes == 2)
        let answers = Dictionary(uniqueKeysWithValues: queue.takeAnswers().map { ($0.ticket, $0.result) })
        // First come, first served.
        #expect(
            try tickets.compactMap { try answers[$0]?.get().claims.first?.address.description }
                == ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"])
    }

    @Test func aFullQueueRefusesAndABatchHasALimit() throws {
        var (queue, store) = (RequestQueue(capacity: 5, batchLimit: 3), MemoryStore())
        for name in ["a", "b", "c", "d", "e"] { _ = try queue.submit(try Self.claim(name)) }
        let error = #expect(throws: AllocationError.self) { try queue.submit(try Self.claim("f")) }
        #expect(error?.description == "queue is full: 5 requests are waiting")
        var question = queue.begin(at: Self.at(0))
        #expect(queue.waitingCount == 2)
        while let asked = question { question = queue.resume(store.answer(asked), at: Self.at(0)) }
        #expect(queue.takeAnswers().count == 3)
        #expect(store.claims.map(\.owner.uid) == ["a", "b", "c"])
    }

    @Test func requestsForOneSandboxFollowEachOther() throws {
        var (queue, store) = (RequestQueue(), MemoryStore())
        for request in [
            try Self.claim("a"), BatchTests.release("c-a"), try Self.claim("a"), try Self.claim("b"),
        ] {
            _ = try queue.submit(request)
        }
        var waiting: [Int] = []
        var owners: [[String]] = []
        while let first = queue.begin(at: Self.at(0)) {
            waiting.append(queue.waitingCount)
            var question: StoreQuestion? = first
            while let asked = question { question = queue.resume(store.answer(asked), at: Self.at(0)) }
            owners.append(store.claims.map(\.owner.uid))
        }
        #expect(waiting == [2, 1, 0])
        #expect(owners == [["a", "b"], ["b"], ["b", "a"]])
    }

    @Test func whoseDeadlinePassedOrWhoGaveUpLeaves() throws {
        var (queue, store) = (RequestQueue(), MemoryStore())
        let patient = try queue.submit(try Self.claim("patient"), deadline: Self.at(9))
        let hasty = try queue.submit(try Self.claim("hasty"), deadline: Self.at(1))
        let gone = try queue.submit(try Self.claim("gone"))
        #expect(queue.nextDeadline == Self.at(1))
        queue.withdraw(gone)
        var question = queue.begin(at: Self.at(1))
        while let asked = question { question = queue.resume(store.answer(asked), at: Self.at(2)) }
        let answers = Dictionary(uniqueKeysWithValues: queue.takeAnswers().map { ($0.ticket, $0.result) })
        #expect(throws: AllocationError(.deadline)) { try answers[hasty]?.get() }
        #expect(throws: AllocationError(.withdrawn)) { try answers[gone]?.get() }
        #expect(try answers[patient]?.get().claims.count == 1)
        #expect(store.claims.map(\.owner.uid) == ["patient"])
        #expect(queue.nextDeadline == nil)
    }

    /// What is being written cannot be taken back: the answer says what came of it, and the next request may follow.
    @Test func aDeadlineDuringTheWriteIsTooLate() throws {
        var (queue, store) = (RequestQueue(), MemoryStore())
        let ticket = try queue.submit(try Self.claim("a"), deadline: Self.at(1))
        var question = queue.begin(at: Self.at(0))
        while let asked = question {
            let isWrite = if case .write = asked { true } else { false }
            question = queue.resume(store.answer(asked), at: Self.at(isWrite ? 5 : 0))
        }
        let answer = try #require(queue.takeAnswers().first)
        #expect(answer.ticket == ticket)
        #expect(try answer.result.get().claims.count == 1)
        #expect(store.claims.count == 1)
    }

    @Test func aFailedStoreLeavesTheQueueUsable() throws {
        var (queue, store) = (RequestQueue(), MemoryStore())
        let first = try queue.submit(try Self.claim("a"))
        _ = queue.begin(at: Self.at(0))
        _ = try queue.submit(try Self.claim("b"))
        #expect(queue.abandonBatch() == [first])
        var question = queue.begin(at: Self.at(0))
        while let asked = question { question = queue.resume(store.answer(asked), at: Self.at(0)) }
        #expect(store.claims.map(\.owner.uid) == ["b"])
    }
}
