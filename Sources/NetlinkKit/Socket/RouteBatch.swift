/// Changes to be asked for together: a value that nothing has been done about yet.
///
/// The kernel carries out all of them in order, also those after one that it refuses.
public struct RouteBatch: Sendable {
    /// One change that the kernel refused.
    public struct Failure: Sendable, Hashable {
        /// Which of the changes, from 0.
        public let index: Int
        /// Why.
        public let error: NetlinkError
    }

    /// The messages.
    private(set) var messages = MessageWriter()

    /// What each message does, in words.
    private(set) var operations: [String] = []

    /// Makes an empty batch.
    public init() {}

    /// Whether nothing is asked for.
    public var isEmpty: Bool { operations.isEmpty }

    /// Adds a message.
    mutating func append(
        _ operation: String, _ type: MessageType, _ flags: MessageFlags = [], _ body: (inout MessageWriter) -> Void
    ) {
        operations.append(operation)
        messages.message(type, flags.union(.acknowledge), body)
    }
}

extension RouteSocket {
    /// Asks for the changes and waits for all answers.
    ///
    /// - Returns: What the kernel refused, in order; empty when all went well.
    /// - Throws: ``NetlinkError`` when it is not known what became of the changes, for example after a timeout. It says
    ///   how many of the first were answered; the others may or may not have been carried out.
    public mutating func perform(_ batch: RouteBatch) throws(NetlinkError) -> [RouteBatch.Failure] {
        try socket.batch(batch.messages, { batch.operations[$0] }).map {
            RouteBatch.Failure(index: $0.index, error: $0.error)
        }
    }

    /// Asks for one change.
    mutating func perform(_ fill: (inout RouteBatch) -> Void) throws(NetlinkError) {
        var batch = RouteBatch()
        fill(&batch)
        if let failure = try perform(batch).first { throw failure.error }
    }
}
