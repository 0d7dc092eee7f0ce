extension NetfilterChange {
    /// What a message of it tries, for errors.
    var operation: String {
        switch self {
        case .addTable(let table): "add table \(table)"
        case .removeTable(let table): "remove table \(table)"
        case .addChain(let chain, let table): "add chain \(chain.name) to table \(table)"
        case .addRule(let rule, let table): "add rule to chain \(rule.chain) of table \(table)"
        }
    }

    /// Writes the message.
    ///
    /// - Parameters:
    ///   - writer: Where to.
    ///   - flags: What else is to be said about it, such as `NLM_F_ACK`.
    func write(to writer: inout MessageWriter, _ flags: MessageFlags) {
        switch self {
        case .addTable(let table):
            writer.message(.newTable, flags.union(.create)) { writer in
                writer.netfilterHeader(family: table.family.rawValue)
                writer.attribute(NFTATable.name, table.name)
            }
        case .removeTable(let table):
            writer.message(.deleteTable, flags) { writer in
                writer.netfilterHeader(family: table.family.rawValue)
                writer.attribute(NFTATable.name, table.name)
            }
        case .addChain(let chain, let table):
            writer.message(.newChain, flags.union(.create)) { writer in
                writer.netfilterHeader(family: table.family.rawValue)
                writer.attribute(NFTAChain.table, table.name)
                writer.attribute(NFTAChain.name, chain.name)
                if let base = chain.base { base.write(to: &writer) }
            }
        case .addRule(let rule, let table):
            writer.message(.newChainRule, flags.union([.create, .append])) { writer in
                writer.netfilterHeader(family: table.family.rawValue)
                writer.attribute(NFTARule.table, table.name)
                writer.attribute(NFTARule.chain, rule.chain)
                writer.nested(NFTARule.expressions) { writer in
                    for expression in rule.expressions { expression.write(to: &writer) }
                }
                if let comment = rule.comment { writer.comment(comment) }
            }
        }
    }
}

extension NetfilterChain.Base {
    /// Writes the attributes of a chain that packets come to.
    fileprivate func write(to writer: inout MessageWriter) {
        writer.attribute(NFTAChain.kind, kind.rawValue)
        writer.network(NFTAChain.policy, policy.rawValue)
        writer.nested(NFTAChain.hook) { writer in
            writer.network(NFTAHook.number, hook.rawValue)
            writer.network(NFTAHook.priority, UInt32(bitPattern: priority))
        }
    }

    /// Reads the attributes of a chain; `nil` when packets do not come to it.
    fileprivate init?(_ payload: RawSpan) {
        guard let kind = payload.text(NFTAChain.kind, from: NetfilterSocket.headerBytes),
            let policy = payload.network(NFTAChain.policy, from: NetfilterSocket.headerBytes)
                .flatMap(NetfilterChain.Policy.init(rawValue:))
        else { return nil }
        var hook: UInt32?
        var priority: UInt32?
        payload.forEachAttribute(from: NetfilterSocket.headerBytes) { type, value in
            guard type == NFTAChain.hook else { return }
            hook = value.network(NFTAHook.number)
            priority = value.network(NFTAHook.priority)
        }
        guard let hook, let priority else { return nil }
        self.init(
            NetfilterChain.Kind(rawValue: kind), NetfilterChain.Hook(rawValue: hook),
            priority: Int32(bitPattern: priority), policy: policy)
    }
}

extension NetfilterChain {
    /// Reads what comes after the header of an `NFT_MSG_NEWCHAIN` message; `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        guard let name = payload.text(NFTAChain.name, from: NetfilterSocket.headerBytes) else { return nil }
        self.init(name, Base(payload))
    }
}

extension NetfilterRule {
    /// Reads what comes after the header of an `NFT_MSG_NEWRULE` message; `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        guard let chain = payload.text(NFTARule.chain, from: NetfilterSocket.headerBytes) else { return nil }
        self.init(chain: chain, [])
        var isWhole = true
        let hasAttributes = payload.forEachAttribute(from: NetfilterSocket.headerBytes) { type, value in
            switch type {
            case NFTARule.expressions:
                let isList = value.forEachAttribute { _, element in
                    if let expression = NetfilterExpression(element) {
                        expressions.append(expression)
                    } else {
                        isWhole = false
                    }
                }
                if !isList { isWhole = false }
            case NFTARule.userData: comment = value.comment
            default: break
            }
        }
        guard hasAttributes, isWhole else { return nil }
    }
}

/// `NFTNL_UDATA_RULE_COMMENT`: which of the data that the kernel keeps for programs is the comment.
private let commentType: UInt8 = 0

extension MessageWriter {
    /// Writes `NFTA_RULE_USERDATA` as nft(8) does: the type, the length, the text with a zero.
    fileprivate mutating func comment(_ text: String) {
        attribute(NFTARule.userData) { writer in
            writer.append(commentType)
            if text.utf8.count > NetfilterRule.longestComment { writer.isOverlong = true }
            writer.append(UInt8(truncatingIfNeeded: text.utf8.count + 1))
            for octet in text.utf8 { writer.append(octet) }
            writer.append(UInt8(0))
        }
    }
}

extension RawSpan {
    /// The comment in `NFTA_RULE_USERDATA`.
    fileprivate var comment: String? {
        var offset = 0
        while let type = integer(at: offset, as: UInt8.self), let length = integer(at: offset + 1, as: UInt8.self) {
            offset += 2
            guard byteCount - offset >= Int(length) else { return nil }
            if type == commentType { return extracting(offset..<offset + Int(length)).text }
            offset += Int(length)
        }
        return nil
    }
}
