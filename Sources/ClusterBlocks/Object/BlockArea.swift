public import IPAMCore

/// 1,024 aligned blocks, a `/16` or a `/112`: what one list request finds the room in.
public struct BlockArea: Sendable, Hashable {
    /// Number of blocks in an area.
    public static let size = 1024

    /// The family of all addresses.
    public let family: AddressFamily
    /// The bits that all addresses of the area have in common.
    let number: UInt128

    /// The area that a block lies in.
    public init(containing key: BlockKey) { self.init(family: key.family, number: key.base.bits >> 16) }

    init(family: AddressFamily, number: UInt128) {
        self.family = family
        self.number = number
    }

    /// The block with so many others of the area before it.
    func key(at index: Int) -> BlockKey? {
        IPAddress(bits: number << 16 | UInt128(index) << 6, family: family).map { BlockKey(containing: $0) }
    }

    /// How many blocks of the area come before one of them.
    func index(of key: BlockKey) -> Int { Int(truncatingIfNeeded: key.base.bits >> 6) & (Self.size - 1) }

    /// The value of the label: `v4-10-6`, `v6-fd00-0-0-0-0-0-1`.
    public var label: String {
        let isIPv4 = family == .ipv4
        let parts = isIPv4 ? stride(from: 8, through: 0, by: -8) : stride(from: 96, through: 0, by: -16)
        let texts = parts.map {
            String(number >> UInt128($0) & (isIPv4 ? 0xff : 0xffff), radix: isIPv4 ? 10 : 16)
        }
        return (["v\(family.rawValue)"] + texts).joined(separator: "-")
    }
}
