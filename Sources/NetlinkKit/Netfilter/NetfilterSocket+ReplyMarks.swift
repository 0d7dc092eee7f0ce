public import IPAMCore

extension NetfilterSocket {
    /// Compares the rules of a family with what the kernel has.
    ///
    /// - Parameters:
    ///   - marks: The rules as they should be.
    ///   - family: The family.
    /// - Returns: Whether the kernel has them. What the rules of other tables do is not looked at.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notSupported`` when the kernel has no nftables.
    public mutating func state(
        of marks: ReplyMarks, _ family: AddressFamily
    ) throws(NetlinkError) -> ReplyMarks.State {
        let table = ReplyMarks.table(family)
        guard let isActive = try isActive(table) else { return .absent }
        guard isActive else { return .different("table \(table) is dormant") }
        if let difference = Self.difference(try chains(in: table), marks.chains, "chain") {
            return .different("table \(table): \(difference)")
        }
        if let difference = Self.difference(try rules(in: table), marks.rules, "rule") {
            return .different("table \(table): \(difference)")
        }
        return .present
    }

    /// Makes the kernel have the rules of families, in one transaction; nothing happens where they are there.
    ///
    /// - Parameters:
    ///   - marks: The rules as they should be.
    ///   - families: The families.
    /// - Throws: ``NetlinkError`` as ``apply(_:)``.
    public mutating func install(_ marks: ReplyMarks, _ families: [AddressFamily]) throws(NetlinkError) {
        var changes: [NetfilterChange] = []
        for family in families { changes += marks.installation(family, over: try state(of: marks, family)) }
        try apply(changes)
    }

    /// The first difference between two lists, in words.
    private static func difference<Element: Equatable & CustomStringConvertible>(
        _ found: [Element], _ wanted: [Element], _ word: String
    ) -> String? {
        for index in 0..<max(found.count, wanted.count)
        where found.count <= index || wanted.count <= index
            || found[index] != wanted[index]
        {
            guard index < found.count else { return "\(word) \(index + 1) is missing: \(wanted[index])" }
            guard index < wanted.count else { return "\(word) \(index + 1) is not one of ours: \(found[index])" }
            return "\(word) \(index + 1) is \(found[index]) in place of \(wanted[index])"
        }
        return nil
    }
}
