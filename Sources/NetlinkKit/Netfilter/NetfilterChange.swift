/// A change of the rules of nftables: a value that nothing has been done about yet.
///
/// ``NetfilterSocket/apply(_:)`` carries out several as one transaction.
public enum NetfilterChange: Sendable, Hashable {
    /// Adds a table (`nft add table`); nothing when it is there.
    case addTable(NetfilterTable)
    /// Removes a table with all that is in it (`nft delete table`).
    case removeTable(NetfilterTable)
    /// Adds a chain to a table (`nft add chain`); nothing when it is there and the same.
    case addChain(NetfilterChain, NetfilterTable)
    /// Adds a rule to the end of its chain (`nft add rule`).
    case addRule(NetfilterRule, NetfilterTable)
}

extension NetfilterChange: CustomStringConvertible {
    /// In the words of nft(8), with the expressions of a rule as `nft --debug=netlink` writes them.
    public var description: String {
        switch self {
        case .addTable(let table): "add table \(table)"
        case .removeTable(let table): "delete table \(table)"
        case .addChain(let chain, let table): "add chain \(table) \(chain)"
        case .addRule(let rule, let table): "add rule \(table) \(rule.chain) \(rule)"
        }
    }
}
