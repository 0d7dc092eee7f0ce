/// The name of a table of nftables; tables of different families may have the same name.
public struct NetfilterTable: Sendable, Hashable {
    /// The packets that it sees.
    public let family: NetfilterFamily
    /// The name within the family.
    public let name: String

    /// Makes the name of a table.
    public init(_ family: NetfilterFamily, _ name: String) {
        self.family = family
        self.name = name
    }
}

extension NetfilterTable: CustomStringConvertible {
    /// In the words of nft(8): `ip spiderpool`.
    public var description: String { "\(family) \(name)" }
}
