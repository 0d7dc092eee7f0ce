import EmbeddedStore
import IPAMCore
import IPAMEngine
import Testing

/// What a claim costs must not depend on how large the pool is.
@Suite struct GrowthTests {
    /// A file in which a pool of many blocks is used up but for one resting address in each block.
    static func store(_ path: String, blocks: Int) throws -> EmbeddedStore {
        var stored: [StoredBlock] = []
        for index in 0..<blocks {
            let first = try #require(base.adding(UInt128(index * 64)))
            var block = Block(BlockKey(containing: first))
            for slot in 0..<64 {
                let address = block.key.address(at: slot)
                _ = block.claim(
                    Claim(
                        address: address, pool: "p", owner: Claim.Owner(uid: "\(address)"), interface: "eth0",
                        containerID: "\(address)", since: Timestamp(seconds: 0)))
            }
            _ = block.release(
                first, at: Timestamp(seconds: 1), restingUntil: Timestamp(seconds: 31), if: { _ in true })
            stored.append(StoredBlock(block, version: 0))
        }
        var store = try EmbeddedStore(creating: path)
        try store.transaction(durably: false) { store throws(StoreError) in _ = try store.answer(.write(stored)) }
        return store
    }

    static let base = IPAddress.v4(IPv4Address(10, 0, 0, 0))

    /// How many pages are looked at for claiming and giving back, when the pool has only resting addresses left.
    static func pages(blocks: Int, at seconds: Int64) throws -> Int {
        let folder = TemporaryFolder()
        var store = try store(folder.store, blocks: blocks)
        let last = try #require(base.adding(UInt128(blocks * 64 - 1)))
        let pool = PoolCandidate(pool: "p", addresses: AddressSet(AddressRange(base, last)))
        for round in 0..<13 {
            // The first one looks once at every block, and leaves a note how far the pool is used.
            if round == 1 { _ = store.takePageCount() }
            #expect(try store.claim(request("new-\(round)", at: seconds, from: [pool])).count == 1)
            #expect(try store.release("new-\(round)", at: seconds).count == 1)
        }
        return store.takePageCount() / 12
    }

    /// Once with addresses that have rested, once while all of them still cool.
    @Test(arguments: [Int64(60), 2]) func aClaimInAUsedUpPoolDoesNotReadThePool(seconds: Int64) throws {
        let small = try Self.pages(blocks: 4, at: seconds)
        let large = try Self.pages(blocks: 512, at: seconds)
        // The trees are a level or two higher, and the index of resting addresses has more pages; the pool has thousands.
        #expect(large < small * 4, "4 blocks: \(small) pages, 512 blocks: \(large)")
    }
}
