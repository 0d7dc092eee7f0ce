/// A rule of a chain of nftables.
public struct NetfilterRule: Sendable, Hashable {
    /// The longest comment in bytes, which is what nft(8) takes.
    public static let longestComment = 127

    /// The name of the chain.
    public let chain: String
    /// What is done with a packet, in order, until a comparison fails.
    public var expressions: [NetfilterExpression]
    /// What it is for, shown by `nft list ruleset`; at most ``longestComment`` bytes.
    public var comment: String?

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - chain: The name of the chain.
    ///   - expressions: What is done with a packet.
    ///   - comment: What it is for.
    public init(chain: String, _ expressions: [NetfilterExpression], comment: String? = nil) {
        self.chain = chain
        self.expressions = expressions
        self.comment = comment
    }
}

extension NetfilterRule: CustomStringConvertible {
    /// The expressions as `nft --debug=netlink` writes them.
    public var description: String {
        expressions.map { "[ \($0) ]" }.joined(separator: " ")
    }
}
