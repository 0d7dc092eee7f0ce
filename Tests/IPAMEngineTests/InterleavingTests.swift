import IPAMCore
import IPAMEngine
import Testing

/// Requests between whose questions others change the store.
@Suite struct InterleavingTests {
    @Test func roomThatAppearsInAKnownBlockIsUsed() throws {
        var store = MemoryStore()
        let before = try Sample.pool("p", "10.0.0.1-10.0.0.2")
        let today = try Sample.pool("p", "10.0.0.2")
        #expect(try store.claim(Sample.request("a", from: [before])) == ["10.0.0.1"])
        #expect(try store.claim(Sample.request("b", from: [before])) == ["10.0.0.2"])
        // The address of "a" left the pool. While it looks for another one, "b" goes.
        var process = ClaimProcess(Sample.request("a", at: 1, from: [today]))
        var step = try process.begin()
        var questions = 0
        while case .ask(let question) = step {
            let answer = store.answer(question)
            questions += 1
            if questions == 1 { #expect(try store.release("c-b", at: 1) == ["10.0.0.2"]) }
            step = try process.resume(answer)
        }
        if case .done(let claims) = step { #expect(claims.map(\.address.description) == ["10.0.0.2"]) }
        #expect(store.claims.map(\.address.description) == ["10.0.0.2"])
    }

    /// A write that arrives after its sender died leaves an identity with two addresses.
    struct Leftover {
        let container: String
        let seconds: Int64
    }

    @Test(arguments: [Leftover(container: "c-a", seconds: 1), Leftover(container: "older", seconds: 9)])
    func aRunningSandboxIsToldItsOwnAddressAgain(leftover: Leftover) throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.60-10.0.0.69")
        let address = try #require(IPAddress("10.0.0.60"))
        var block = Block(BlockKey(containing: address))
        let late = Claim(
            address: address, pool: "p", owner: Claim.Owner(uid: "a"), interface: "eth0",
            containerID: leftover.container, since: Timestamp(seconds: leftover.seconds))
        _ = block.claim(late)
        let told = try store.claim(Sample.request("a", at: 5, from: [try Sample.pool("p", "10.0.0.64-10.0.0.69")]))
        _ = store.answer(.write([StoredBlock(block, version: 0)]))
        #expect(try store.claim(Sample.request("a", at: 10, from: [pool])) == told)
    }
}
