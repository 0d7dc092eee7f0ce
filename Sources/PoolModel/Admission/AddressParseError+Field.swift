internal import IPAMCore
internal import JSONTree

extension FieldError {
    /// The error for a field whose text is no address, prefix or range.
    static func unreadable(_ text: String, at path: JSONFieldPath, _ error: AddressParseError) -> FieldError {
        var message = "\(error.code.rawValue) at position \(error.position)"
        if let proposal = error.proposal { message += "; write \(proposal.quoted)" }
        return FieldError(.invalid, at: path, value: text, message)
    }
}

extension AddressSet {
    /// The first ranges for a message, and how many more there are.
    var excerpt: String {
        let shown = ranges.prefix(3).map(\.description).joined(separator: ", ")
        return ranges.count > 3 ? "\(shown) and \(ranges.count - 3) more ranges" : shown
    }
}
