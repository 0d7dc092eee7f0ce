public import IPAMCore

extension RouteSocket {
    /// All rules, or those of a family, in the order in which they are tried (`ip rule show`).
    ///
    /// - Returns: The rules, IPv4 first.
    /// - Throws: ``NetlinkError``.
    public mutating func rules(_ family: AddressFamily? = nil) throws(NetlinkError) -> [Rule] {
        guard let family else { return try rules(.ipv4) + rules(.ipv6) }
        let request = MessageWriter(.getRule, .dump) { $0.routeHeader(family: family.kernelNumber) }
        return try socket.dump("read \(family) rules", request, reply: .newRule) { payload, rules in
            guard let rule = Rule(payload) else { return false }
            rules.append(rule)
            return true
        }
    }

    /// Adds a rule (`ip rule add`).
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/exists`` when there is an equal one.
    public mutating func add(_ rule: Rule) throws(NetlinkError) {
        try perform { $0.add(rule) }
    }

    /// Removes one rule that is equal (`ip rule del`).
    ///
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notFound`` when there is none.
    public mutating func remove(_ rule: Rule) throws(NetlinkError) {
        try perform { $0.remove(rule) }
    }
}

extension RouteBatch {
    /// As ``RouteSocket/add(_:)-(Rule)``.
    public mutating func add(_ rule: Rule) {
        append("add rule \(rule)", .newRule, [.create, .exclusive]) { $0.body(of: rule) }
    }

    /// As ``RouteSocket/remove(_:)-(Rule)``.
    public mutating func remove(_ rule: Rule) {
        append("remove rule \(rule)", .deleteRule) { $0.body(of: rule) }
    }
}
