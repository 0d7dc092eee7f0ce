import ClusterBlocks
import IPAMCore
import IPAMEngine
import JSONTree
import PoolModel
import Testing

@Suite struct UnreadableBlockTests {
    /// An object that makes no sense holds all of its addresses, and says so; once it makes sense again it is used again.
    @Test func anUnreadableBlockIsNoRoom() throws {
        let pool = PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ["10.0.0.1-10.0.0.9"]))
        let key = BlockKey(containing: try #require(IPAddress("10.0.0.1")))
        let problem = try #require(throws: InvalidResource.self) { try BlockObject(tree: [:]) }
        var blocks = ClusterBlocks(node: "n1", random: SplitMix64(seed: 1))
        blocks.relisted([], unreadable: [(key, problem)], resourceVersion: 5, since: blocks.mark)
        #expect(blocks.problems.keys.sorted() == ["v4-10-0-0-0"])
        let now = MonotonicInstant(sinceBoot: .seconds(1))
        blocks.startBatch(at: now)
        var rooms = 0
        for freshness in Block.Freshness.allCases {
            var step = blocks.ask(.vacancies(pool, freshness, now: Timestamp(seconds: 1), known: []), at: now)
            while case .calls(let calls) = step {
                let results = calls.map { call -> BlockCallResult in
                    if case .read = call { return .unreadable(problem) }
                    let summary = BlockSummary(name: "v4-10-0-0-0", annotations: [:], resourceVersion: "5")
                    return .summaries(summary.map { [$0] } ?? [], resourceVersion: 5)
                }
                step = blocks.resume(results, at: now)
            }
            if case .answer(.blocks(let found)) = step { rooms += found.count }
        }
        #expect(rooms == 0)
        guard case .answer(.blocks(let sealed)) = blocks.ask(.blocks([key]), at: now) else {
            return #expect(Bool(false), "a watched block has to be read")
        }
        #expect(sealed[0].block.claims.first?.owner.text == "the unreadable object v4-10-0-0-0")
        blocks.take(.changed(BlockObject(Block(key), write: 9, node: "n1", uid: "u", resourceVersion: 6)))
        #expect(blocks.problems.isEmpty)
        guard
            case .answer(.blocks(let found)) = blocks.ask(
                .vacancies(pool, .neverUsed, now: Timestamp(seconds: 1), known: []), at: now)
        else { return #expect(Bool(false), "there is room in an own block") }
        #expect(found.map(\.block.key) == [key])
    }
}
