internal import IPAMCore
internal import PoolModel

/// Labels and annotations of blocks.
public enum BlockLabels {
    /// The label with the node that works in a block.
    public static let nodeKey = "ipam.spidernet.io/block-node"
    /// The label with the area of a block.
    public static let areaKey = "ipam.spidernet.io/block-area"
    /// The annotation that says which slots are in use.
    public static let slotsKey = "ipam.spidernet.io/block-slots"

    /// The value of the node's label: its name, or what is made of one of more than 63 bytes.
    public static func node(_ name: String) -> String {
        guard name.utf8.count > 63 else { return name }
        // FNV-1a: the same on every machine and in every version.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\(name.prefix(45))x-\(SpiderIPBlock.text(ofWrite: hash))"
    }

    /// The value of the annotation: `<owned>/<resting>/<when the last rest ends>`; slots as 16 hexadecimal digits.
    static func slots(of block: Block) -> String {
        let end = block.rests.map(\.until).max()
        let slots = "\(SpiderIPBlock.text(ofWrite: block.occupied))/\(SpiderIPBlock.text(ofWrite: block.resting))"
        return "\(slots)/\(end?.preciseDescription ?? "")"
    }
}
