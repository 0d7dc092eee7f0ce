import ClusterBlocks
import IPAMCore
import IPAMEngine
import JSONTree
import PoolModel
import Testing

@Suite struct BlockObjectTests {
    /// A block all of whose addresses belong to Pods with names of usual length.
    static func fullBlock() throws -> Block {
        var block = Block(BlockKey(containing: try #require(IPAddress("10.6.168.64"))))
        for slot in 0..<BlockKey.size {
            let claim = Claim(
                address: block.key.address(at: slot), pool: "rack-a-production",
                owner: Claim.Owner(
                    namespace: "payment-services", name: "checkout-backend-7d9c6b5f4-x\(slot)abc",
                    uid: "3b0c7e52-0f6d-4a5e-9c57-0d7c4e3b00\(slot + 10)", controllerKind: "Deployment",
                    controllerName: "checkout-backend"),
                interface: "eth0",
                containerID: "5f2a9d3b7c1e4f608a9b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6\(slot + 10)",
                network: "macvlan-conf", node: "worker-rack7-042.example.net", since: Timestamp(seconds: 1_800_000_000))
            _ = block.claim(claim)
        }
        return block
    }

    static func read(_ object: BlockObject) throws -> BlockObject {
        var tree = object.tree
        tree["metadata"]?["uid"] = .string(object.uid)
        tree["metadata"]?["resourceVersion"] = .string(String(object.resourceVersion))
        return try BlockObject(tree: tree)
    }

    @Test func anObjectIsReadAsItWasWritten() throws {
        let object = BlockObject(try Self.fullBlock(), write: 0xab, node: "n1", uid: "u", resourceVersion: 17)
        #expect(try Self.read(object) == object)
        #expect(object.tree["spec"]?["write"]?.stringValue == "00000000000000ab")
        #expect(object.labels["ipam.spidernet.io/block-area"] == "v4-10-6")
    }

    @Test func aFullBlockStaysSmall() throws {
        let object = BlockObject(try Self.fullBlock(), write: .max, node: "n1")
        #expect(object.tree.text().utf8.count <= 24 * 1024, "\(object.tree.text().utf8.count) bytes")
    }

    @Test func aPatchTestsBeforeItReplaces() throws {
        let object = BlockObject(try Self.fullBlock(), write: 2, node: "n1", resourceVersion: 1)
        let operations = try #require(object.patch(ifWrite: 1).arrayValue)
        #expect(operations[0]["op"]?.stringValue == "test")
        #expect(operations[0]["path"]?.stringValue == "/spec/write")
        #expect(operations[0]["value"]?.stringValue == "0000000000000001")
        #expect(operations[1]["path"]?.stringValue == "/spec")
        #expect(operations[2]["path"]?.stringValue == "/metadata/annotations/ipam.spidernet.io~1block-slots")
    }

    struct Mistake: CustomTestStringConvertible {
        let field: String
        let value: JSONValue?
        let text: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Mistake(field: "write", value: nil, text: "spec.write"),
        Mistake(field: "write", value: "0000000000000000", text: "spec.write"),
        Mistake(field: "write", value: "AB", text: "spec.write"),
        Mistake(field: "write", value: 5, text: "spec.write"),
        Mistake(field: "cidr", value: "10.6.168.0/24", text: "spec.cidr"),
        Mistake(field: "claims", value: [["ip": "10.9.9.9"]], text: "spec.claims[0].ip"),
        Mistake(field: "surprise", value: true, text: "spec.surprise"),
    ]) func aMistakeIsNamed(mistake: Mistake) throws {
        let object = BlockObject(try Self.fullBlock(), write: 1, node: "n1", resourceVersion: 1)
        var tree = object.tree
        tree["metadata"]?["resourceVersion"] = "1"
        tree["spec"]?[mistake.field] = mistake.value
        let error = #expect(throws: InvalidResource.self) { try BlockObject(tree: tree) }
        #expect(error?.description.contains(mistake.text) == true, "\(error.map { "\($0)" } ?? "")")
        #expect(error?.name == "v4-10-6-168-64")
    }

    @Test func namesAndKeysBelongTogether() throws {
        for text in ["10.6.168.64", "0.0.0.0", "255.255.255.192", "fd00::1:40", "::", "ffff:ffff:ffff:ffff::ffc0"] {
            let key = BlockKey(containing: try #require(IPAddress(text)))
            #expect(SpiderIPBlock.key(named: SpiderIPBlock.name(of: key)) == key)
        }
        for name in [
            "v4-10-6-168-65", "v4-10-6-168", "v4-10-6-168-064", "v4-10-6-300-0", "v5-1", "", "v6-0-0-0-0-0-0-0-1",
        ] {
            #expect(SpiderIPBlock.key(named: name) == nil, "\(name)")
        }
    }

    @Test func aLongNodeNameFitsIntoALabel() {
        let long = String(repeating: "n", count: 200)
        #expect(BlockLabels.node("n1") == "n1")
        #expect(BlockLabels.node(long).utf8.count <= 63)
        #expect(BlockLabels.node(long) != BlockLabels.node(long + "n"))
        // The same for ever: blocks are found by it.
        #expect(BlockLabels.node(long) == BlockLabels.node(long))
    }

    @Test(arguments: [
        "", "1/2", "zz/00/", "0000000000000001/0000000000000001/", "ffffffffffffffff/0000000000000000/never",
    ])
    func slotsThatMakeNoSenseAreNoRoom(text: String) throws {
        let summary = try #require(
            BlockSummary(
                name: "v4-10-6-168-64", annotations: ["ipam.spidernet.io/block-slots": text], resourceVersion: "7"))
        #expect(~(summary.occupied | summary.resting) == 0)
    }
}
