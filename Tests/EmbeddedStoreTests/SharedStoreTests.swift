import EmbeddedStore
import IPAMCore
import IPAMEngine
import Testing

@Suite struct SharedStoreTests {
    @Test func manyThreadsShareTransactionsAndNoAddress() async throws {
        let folder = TemporaryFolder()
        let pool = try EmbeddedStoreTests.pool("p", "10.0.0.0-10.0.0.199")
        let shared = SharedStore(try EmbeddedStore(creating: folder.store))
        let outcomes = await withTaskGroup(of: [String].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<30).map { number in
                        let request = request("\(worker)-\(number)", from: [pool])
                        do {
                            return try shared.serve(.claim(ClaimProcess(request))).claims.map(\.address.description)
                                .joined()
                        } catch {
                            return "refused"
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        // A pool of 200 serves exactly 200 of 240.
        #expect(outcomes.count { $0 == "refused" } == 40)
        #expect(Set(outcomes).count == 201)
        let store = try EmbeddedStore(opening: folder.store)
        #expect(try store.claims().count == 200)
    }

    @Test func aDeadlineThatPassedIsARefusal() throws {
        let folder = TemporaryFolder()
        let pool = try EmbeddedStoreTests.pool("p", "10.0.0.0-10.0.0.9")
        let shared = SharedStore(try EmbeddedStore(creating: folder.store))
        let failure = #expect(throws: EngineFailure<StoreError>.self) {
            try shared.serve(.claim(ClaimProcess(request("a", from: [pool]))), deadline: .now)
        }
        guard case .refused(let error)? = failure else { return #expect(Bool(false)) }
        #expect(error.code == .deadline)
        #expect(try shared.serve(.claim(ClaimProcess(request("b", from: [pool])))).claims.count == 1)
    }
}
