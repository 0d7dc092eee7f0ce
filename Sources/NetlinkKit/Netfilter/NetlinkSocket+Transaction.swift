internal import SystemPackage

extension NetlinkSocket {
    /// Sends a transaction of netfilter: a message that opens it, changes, a message that closes it.
    ///
    /// The kernel answers each change that it refuses, and those that ask for it. It tells of a refusal of the whole, for
    /// want of a capability or memory, as the answer to the opening message.
    ///
    /// - Parameters:
    ///   - messages: All of it; only the last change has `NLM_F_ACK`.
    ///   - operation: What a message tries and on what.
    /// - Returns: The refusals, in order; empty when all was done.
    /// - Throws: ``NetlinkError`` when it is not known what became of it.
    mutating func transaction(
        _ messages: MessageWriter, _ operation: (Int) -> String
    ) throws(NetlinkError) -> [NetlinkError] {
        var messages = messages
        var exchange = Exchange(transactionOf: messages.count)
        try perform(&messages, &exchange, { operation(0) }) { _ in true }
        if exchange.wasCutOff {
            throw NetlinkError(.malformed, operation: operation(0), detail: "the answer is too long")
        }
        return exchange.refusals.map { $0.error(operation($0.index), in: messages) }
    }
}
