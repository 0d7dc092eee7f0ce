public import IPAMCore

/// Who has which of 64 aligned addresses: a block as an object, for exports and for the cluster.
///
/// Cluster scoped. A full block whose names have usual lengths takes less than 24 KiB; the names
/// of fields are short for that.
///
/// ```yaml
/// apiVersion: spiderpool.spidernet.io/v2beta1
/// kind: SpiderIPBlock
/// metadata: {name: v4-10-6-168-64}
/// spec:
///   cidr: 10.6.168.64/26
///   sequence: 17                     # the highest number given so far
///   claims:
///   - ip: 10.6.168.101
///     pool: rack-a
///     ns: shop
///     name: web-0
///     uid: 3b0c…
///     owner: StatefulSet/web         # kind/name of the controller
///     nic: net1                      # eth0 when absent
///     container: 5f2a…
///     network: lan
///     node: rack-7
///     boot: 6a1e…                    # void when the host has another boot ID
///     state: retained                # allocated when absent
///     fixed: true                    # kept when the container ends
///     seq: 12
///     since: "2026-11-26T12:00:00.000Z"
///   rests:
///   - {ip: 10.6.168.102, reason: cooling, since: …, until: …}
///   - {ip: 10.6.168.103, reason: quarantined, since: …, until: …, mac: "0a:1b:2c:3d:4e:5f"}
/// ```
public struct SpiderIPBlock: Resource {
    /// `SpiderIPBlock`.
    public static let kind = ResourceKind(name: "SpiderIPBlock", plural: "spideripblocks", shortName: "sb")

    /// Name, labels and the like.
    public var metadata: ObjectMetadata
    /// The content.
    public var block: Block

    /// Makes the object of a block, with the name that follows from its addresses.
    public init(_ block: Block) {
        metadata = ObjectMetadata(name: Self.name(of: block.key))
        self.block = block
    }

    init(metadata: ObjectMetadata, block: Block) {
        self.metadata = metadata
        self.block = block
    }

    /// The name of the object for a block: `v4-10-6-168-64`, or `v6-` and the eight groups of its first address.
    public static func name(of key: BlockKey) -> String {
        let bits = key.base.bits
        let isIPv4 = key.family == .ipv4
        let parts = isIPv4 ? stride(from: 24, through: 0, by: -8) : stride(from: 112, through: 0, by: -16)
        let mask: UInt128 = isIPv4 ? 0xff : 0xffff
        let texts = parts.map { String(bits >> UInt128($0) & mask, radix: isIPv4 ? 10 : 16) }
        return (["v\(key.family.rawValue)"] + texts).joined(separator: "-")
    }
}
