import IPAMCore
import IPAMEngine
import Testing

@Suite struct MemoryStoreTests {
    /// Random requests, alone and in batches, answered by both stores: every single answer must be the same.
    @Test(arguments: UInt64(1)...20) func agreesWithTheLinearStore(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var stores = StorePair(seed: seed)
        // The last pool has the name of the first and other addresses, as after an edit.
        let pools = try [
            Sample.pool("a", "10.0.0.50-10.0.0.140", "10.0.2.0-10.0.2.3"), Sample.pool("b", "10.0.0.130-10.0.0.170"),
            Sample.pool("c", "fd00::30-fd00::90"), Sample.pool("a", "10.0.0.50-10.0.0.80", "10.0.1.250-10.0.2.9"),
        ]
        for step in 0..<300 {
            let now = Timestamp(milliseconds: Int64(step) * 400)
            var requests: [BatchRequest] = []
            for _ in 0..<1 + random.next(through: 7) {
                let uid = "\(random.next(through: 99))"
                let pool = pools[Int(random.next(through: 3))]
                switch random.next(through: 9) {
                case ..<6:
                    var request = Sample.request(uid, from: [pool])
                    request.now = now
                    request.isFixed = random.next(through: 4) == 0
                    requests.append(.claim(ClaimProcess(request)))
                case 9:
                    let address = pool.addresses.address(at: random.next(through: pool.addresses.count - 1))
                    requests.append(.change(AddressProcess(.quarantine, of: address, now: now)))
                default:
                    let attachment = Claim.Attachment(containerID: "c-\(uid)", interface: "eth0")
                    requests.append(.release(ReleaseProcess(attachment, now: now)))
                }
            }
            var batch = BatchProcess(requests)
            _ = try stores.run(&batch)
        }
        #expect(stores.questions > 1_000)
    }

    /// A cursor that was moved for other addresses must not hide room.
    @Test func aPoolThatGrowsHasRoomAgain() throws {
        var store = MemoryStore()
        let narrow = try Sample.pool("p", "10.0.0.1-10.0.0.2")
        #expect(try store.claim(Sample.request("a", from: [narrow])) == ["10.0.0.1"])
        #expect(try store.claim(Sample.request("b", from: [narrow])) == ["10.0.0.2"])
        #expect(throws: EngineFailure<Never>.self) { try store.claim(Sample.request("c", from: [narrow])) }
        let wide = try Sample.pool("p", "10.0.0.0-10.0.0.2")
        #expect(try store.claim(Sample.request("c", from: [wide])) == ["10.0.0.0"])
    }
}

/// Two stores that are asked the same.
private struct StorePair: BlockStore {
    let seed: UInt64
    var store = MemoryStore()
    var model = LinearStore()
    var questions = 0

    init(seed: UInt64) { self.seed = seed }

    mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        questions += 1
        let (answer, expected) = (store.answer(question), model.answer(question))
        switch (answer, expected) {
        case (.blocks(let blocks), .blocks(let others)):
            #expect(blocks == others, "seed \(seed), question \(questions): \(question)")
        case (.usage(let usage), .usage(let other)): #expect(usage == other, "seed \(seed), question \(questions)")
        case (.written, .written), (.conflict, .conflict): break
        default: #expect(Bool(false), "seed \(seed), question \(questions): \(answer), but \(expected)")
        }
        return answer
    }
}
