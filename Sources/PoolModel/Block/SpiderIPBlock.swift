public import IPAMCore

/// Who has which of 64 aligned addresses: a block as an object, for exports and for the cluster.
///
/// Cluster scoped. A full block whose names have usual lengths takes less than 24 KiB, not counting the `managedFields` that an
/// API server adds; the names of fields are short for that.
///
/// ```yaml
/// apiVersion: spiderpool.spidernet.io/v2beta1
/// kind: SpiderIPBlock
/// metadata: {name: v4-10-6-168-64}
/// spec:
///   cidr: 10.6.168.64/26
///   sequence: 17                     # the highest number given so far
///   write: 9f86d081884c7d65          # in a cluster: random, new with every write, so that no state comes twice
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
///     node: rack-7                   # spec.node when absent
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
    /// Names this state of the block among all that it ever had, in a cluster; never 0.
    public var write: UInt64?

    /// Makes the object of a block, with the name that follows from its addresses.
    public init(_ block: Block) {
        metadata = ObjectMetadata(name: Self.name(of: block.key))
        self.block = block
    }

    init(metadata: ObjectMetadata, block: Block, write: UInt64?) {
        self.metadata = metadata
        self.block = block
        self.write = write
    }

    /// A ``write`` as the object has it: 16 hexadecimal digits.
    public static func text(ofWrite write: UInt64) -> String {
        let digits = String(write, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
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

    /// The block whose object has a name; `nil` when no block's has.
    public static func key(named name: String) -> BlockKey? {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        let isIPv4 = parts.first == "v4"
        guard isIPv4 || parts.first == "v6", parts.count == (isIPv4 ? 5 : 9) else { return nil }
        var bits: UInt128 = 0
        for part in parts.dropFirst() {
            guard let number = UInt16(part, radix: isIPv4 ? 10 : 16), !isIPv4 || number < 256 else { return nil }
            bits = bits << (isIPv4 ? 8 : 16) | UInt128(number)
        }
        guard let base = IPAddress(bits: bits, family: isIPv4 ? .ipv4 : .ipv6) else { return nil }
        let key = BlockKey(containing: base)
        return key.base == base && Self.name(of: key) == name ? key : nil
    }
}
