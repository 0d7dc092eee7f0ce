internal import IPAMCore
internal import IPAMEngine

/// What an agent knows about one block.
struct KnownBlock: Sendable {
    /// The version of a block that cannot be read; no write of it is ever tried.
    static let sealedVersion = UInt64.max

    var stored: StoredBlock
    let uid: String
    let resourceVersion: UInt64
    let node: String
    let hasLabels: Bool
    let hasAnnotations: Bool

    var key: BlockKey { stored.block.key }

    init(_ object: BlockObject) {
        stored = StoredBlock(object.block, version: object.write)
        (uid, resourceVersion, node) = (object.uid, object.resourceVersion, object.node)
        (hasLabels, hasAnnotations) = (object.hasLabels, object.hasAnnotations)
    }

    /// A block whose object cannot be read: all of it belongs to somebody.
    init(unreadable key: BlockKey, node: String, resourceVersion: UInt64, name: String) {
        var block = Block(key)
        let owner = Claim.Owner(name: "the unreadable object \(name)", uid: name)
        for slot in 0..<BlockKey.size {
            _ = block.claim(
                Claim(
                    address: key.address(at: slot), pool: "", owner: owner, interface: "-", containerID: "",
                    since: Timestamp(milliseconds: 0)))
        }
        stored = StoredBlock(block, version: Self.sealedVersion)
        uid = ""
        self.resourceVersion = resourceVersion
        self.node = node
        (hasLabels, hasAnnotations) = (true, true)
    }

    /// The object after a write of this agent.
    func object(_ block: Block, write: UInt64) -> BlockObject {
        var object = BlockObject(block, write: write, node: node, uid: uid, resourceVersion: resourceVersion)
        (object.hasLabels, object.hasAnnotations) = (hasLabels, hasAnnotations)
        return object
    }
}
