extension NetfilterSocket {
    /// Whether there is a table, and whether its chains see packets.
    ///
    /// - Returns: `nil` when there is none; false when it is dormant (`NFT_TABLE_F_DORMANT`).
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notSupported`` when the kernel has no nftables.
    public mutating func isActive(_ table: NetfilterTable) throws(NetlinkError) -> Bool? {
        let operation = "read table \(table)"
        let request = MessageWriter(.getTable, []) { writer in
            writer.netfilterHeader(family: table.family.rawValue)
            writer.attribute(NFTATable.name, table.name)
        }
        do throws(NetlinkError) {
            return try socket.get(operation, request, reply: .newTable) { payload in
                payload.network(NFTATable.flags, from: Self.headerBytes).map { $0 & 1 == 0 }
            }
        } catch {
            switch error.code {
            case .notFound: return nil
            // The answer to messages of a subsystem that there is not.
            case .invalid:
                throw NetlinkError(
                    .notSupported, operation: operation, errno: error.errno, detail: "this kernel has no nftables")
            default: throw error
            }
        }
    }

    /// The chains of a table, in the order in which they were added.
    ///
    /// - Returns: The chains; none when there is no such table.
    /// - Throws: ``NetlinkError``.
    public mutating func chains(in table: NetfilterTable) throws(NetlinkError) -> [NetfilterChain] {
        let request = MessageWriter(.getChain, .dump) { $0.netfilterHeader(family: table.family.rawValue) }
        return try socket.dump("read chains of table \(table)", request, reply: .newChain) { payload, chains in
            guard payload.text(NFTAChain.table, from: Self.headerBytes) == table.name else { return true }
            guard let chain = NetfilterChain(payload) else { return false }
            chains.append(chain)
            return true
        }
    }

    /// The rules of a table, chain by chain, in the order in which packets meet them.
    ///
    /// - Returns: The rules; none when there is no such table.
    /// - Throws: ``NetlinkError``.
    public mutating func rules(in table: NetfilterTable) throws(NetlinkError) -> [NetfilterRule] {
        let request = MessageWriter(.getChainRule, .dump) { writer in
            writer.netfilterHeader(family: table.family.rawValue)
            writer.attribute(NFTARule.table, table.name)
        }
        return try socket.dump("read rules of table \(table)", request, reply: .newChainRule) { payload, rules in
            // Older kernels tell those of all tables.
            guard payload.text(NFTARule.table, from: Self.headerBytes) == table.name else { return true }
            guard let rule = NetfilterRule(payload) else { return false }
            rules.append(rule)
            return true
        }
    }
}
