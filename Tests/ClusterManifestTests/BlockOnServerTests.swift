import IPAMCore
import JSONTree
import KubeClient
import PoolModel
import Testing

/// Blocks as our programs write them.
@Suite struct BlockOnServerTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func claim(_ address: IPAddress, number: Int) -> Claim {
        Claim(
            address: address, pool: "rack-a-production",
            owner: Claim.Owner(
                namespace: "payment-services", name: "checkout-backend-7d9c6b5f4-x\(number)abc",
                uid: "3b0c7e52-0f6d-4a5e-9c57-0d7c4e3b00\(number + 10)", controllerKind: "Deployment",
                controllerName: "checkout-backend"),
            interface: "eth0",
            containerID: "5f2a9d3b7c1e4f608a9b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6\(number + 10)",
            network: "macvlan-conf", node: "worker-rack7-042.example.net", bootID: "", since: now)
    }

    private func store(_ block: Block) async throws -> (written: SpiderIPBlock, stored: JSONValue) {
        var object = SpiderIPBlock(block)
        object.write = 0x9f86_d081_884c_7d65
        object.metadata.labels = [
            "ipam.spidernet.io/block-node": "worker-rack7-042.example.net", "ipam.spidernet.io/block-area": "v4-10-22",
        ]
        object.metadata.annotations = [
            "ipam.spidernet.io/block-slots": "ffffffffffffffff/0000000000000000/2027-01-15T08:00:00.000Z"
        ]
        let stored = try await ManifestLab.shared.objects(.block).create(try RawObject(json: object.tree)).json
        return (object, stored)
    }

    @Test(arguments: ["10.22.168.64", "fd00:22:33:44:5555:6666:7777:8840"])
    func aFullBlockIsStoredWholeAndStaysSmall(_ base: String) async throws {
        var block = Block(BlockKey(containing: try #require(IPAddress(base))))
        for slot in 0..<BlockKey.size {
            _ = block.claim(Self.claim(block.key.address(at: slot), number: slot))
        }
        #expect(block.claims.count == 64)
        let (written, stored) = try await store(block)
        #expect(stored["spec"] == written.tree["spec"])
        #expect(try SpiderIPBlock(tree: stored).block == block)
        // Who wrote which field is the server's own book-keeping.
        var content = stored
        content["metadata"]?["managedFields"] = nil
        let bytes = content.text().utf8.count
        #expect(bytes <= 24 * 1024, "\(bytes) bytes")
    }

    @Test func everythingThatABlockCanSayIsStored() async throws {
        var block = Block(BlockKey(containing: try #require(IPAddress("10.22.169.0"))))
        var fixed = Self.claim(block.key.address(at: 0), number: 0)
        (fixed.state, fixed.isFixed) = (.retained, true)
        fixed.interface = "net1"
        fixed.bootID = "6a1e"
        _ = block.claim(fixed)
        // Of no node, beside one of the node that most are of.
        var homeless = Self.claim(block.key.address(at: 1), number: 1)
        homeless.node = ""
        _ = block.claim(homeless)
        let (cooling, foreign) = (block.key.address(at: 2), block.key.address(at: 3))
        _ = block.claim(Self.claim(cooling, number: 2))
        _ = block.release(cooling, at: Self.now, restingUntil: Self.now.adding(.seconds(60)), if: { _ in true })
        _ = block.quarantine(
            foreign, at: Self.now, until: Self.now.adding(.seconds(60)), holder: MACAddress("0a:1b:2c:3d:4e:5f"))
        #expect(block.claims.count == 2 && block.rests.count == 2)
        let (written, stored) = try await store(block)
        #expect(stored["spec"] == written.tree["spec"])
        #expect(try SpiderIPBlock(tree: stored).block == block)
        #expect(try SpiderIPBlock(tree: stored).write == written.write)
    }
}
