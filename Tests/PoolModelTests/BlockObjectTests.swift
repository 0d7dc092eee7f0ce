import IPAMCore
import JSONTree
import PoolModel
import Testing

@Suite struct BlockObjectTests {
    /// A block in which every slot is owned, as a cluster would fill it.
    static func full(_ family: AddressFamily) throws -> Block {
        let first = try IPAddress(parsing: family == .ipv4 ? "10.106.168.192" : "fd00:1234:5678:9abc::ffff:0")
        let key = BlockKey(containing: first)
        var block = Block(key)
        for slot in 0..<BlockKey.size {
            let claim = Claim(
                address: key.address(at: slot), pool: "rack-7-production-\(family.rawValue)",
                owner: Claim.Owner(
                    namespace: "web-production", name: "storefront-7d9c6b5f4-x2k\(slot)",
                    uid: "3b0c91aa-1f2e-4d3c-9b8a-7766554433\(10 + slot % 80)", controllerKind: "ReplicaSet",
                    controllerName: "storefront-7d9c6b5f4"),
                interface: "eth0", containerID: String(repeating: "0123456789abcdef", count: 4), network: "macvlan-100",
                node: "worker-17", state: .allocated, since: Timestamp(milliseconds: 1_795_000_000_123))
            guard case .claimed = block.claim(claim) else { throw TestFailure() }
        }
        return block
    }

    struct TestFailure: Error {}

    /// A block with everything that a block can hold.
    static func random(_ random: inout TestRandom) throws -> Block {
        let isIPv4 = Bool.random(using: &random)
        let key = BlockKey(containing: try IPAddress(parsing: isIPv4 ? "10.0.0.64" : "fd00::40"))
        var block = Block(key)
        let now = Timestamp(milliseconds: .random(in: 0..<2_000_000_000_000, using: &random))
        func word() -> String { Bool.random(using: &random) ? "" : "w\(Int.random(in: 0..<100, using: &random))" }
        for _ in 0..<Int.random(in: 0..<80, using: &random) {
            let address = key.address(at: .random(in: 0..<64, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: _ = block.release(address, at: now, restingUntil: now.adding(.seconds(30))) { _ in true }
            case 1: _ = block.retain(address, at: now) { _ in true }
            case 2:
                let holder = Bool.random(using: &random) ? MACAddress(bits: random.next()) : nil
                _ = block.quarantine(address, at: now, until: now.adding(.seconds(600)), holder: holder)
            default:
                let claim = Claim(
                    address: address, pool: "p",
                    owner: Claim.Owner(
                        namespace: word(), name: "net/" + word(), uid: "lan/db", controllerKind: word(),
                        controllerName: word()),
                    interface: "eth0", containerID: "c1", network: word(), node: word(), bootID: word(),
                    isFixed: .random(using: &random), since: now)
                _ = block.claim(claim)
            }
        }
        return block
    }

    @Test("what is written is read again, to the millisecond", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = TestRandom(state: seed)
        for _ in 0..<200 {
            let object = SpiderIPBlock(try Self.random(&random))
            let text = object.tree.text(.compact)
            #expect(try SpiderIPBlock(tree: JSONValue(parsing: text)) == object, "seed \(seed)")
        }
    }

    @Test(arguments: AddressFamily.allCases) func aFullBlockIsSmall(family: AddressFamily) throws {
        let object = SpiderIPBlock(try Self.full(family))
        #expect(object.block.claims.count == 64)
        let size = object.tree.text(.compact).utf8.count
        #expect(size <= 24 << 10, "\(size) bytes")
        #expect(LabelProbe.isName(object.name), "\(object.name)")
    }

    /// What Kubernetes takes for the name of an object, as the validation of this library sees it.
    enum LabelProbe {
        static func isName(_ name: String) -> Bool { ObjectMetadata(name: name).validate().isEmpty }
    }

    @Test func names() throws {
        func name(_ text: String) throws -> String {
            SpiderIPBlock.name(of: BlockKey(containing: try IPAddress(parsing: text)))
        }
        #expect(try name("10.6.168.101") == "v4-10-6-168-64")
        #expect(try name("fd00:6::1ff") == "v6-fd00-6-0-0-0-0-0-1c0")
    }
}
