internal import SystemPackage

/// What is known about the answers to requests that were sent together.
struct Exchange {
    /// A request that the kernel refused.
    struct Refusal {
        /// Which of the requests.
        let index: Int
        /// The kernel's number.
        let errno: Errno
        /// The kernel's words; may be empty.
        let words: String
        /// Where in the request the attribute is that was refused, in bytes from its start; `nil` when it is not told.
        let attributeOffset: Int?

        /// The error that tells of it, with the attribute if the kernel says which.
        func error(_ operation: String, in requests: MessageWriter) -> NetlinkError {
            var detail = words
            if let attributeOffset, let type = requests.attribute(ofMessage: index, at: attributeOffset) {
                let place = "attribute \(type.rawValue) at byte \(attributeOffset) of the request"
                detail = detail.isEmpty ? place : "\(detail) (\(place))"
            }
            return NetlinkError(errno: errno, operation: operation, detail: detail)
        }
    }

    /// The number of the first request.
    private(set) var first: UInt32 = 0

    /// What was refused.
    private(set) var refusals: [Refusal] = []

    /// Whether the table changed while it was read.
    private(set) var wasInterrupted = false

    /// Whether an answer was longer than the room for it, so that not all of it was seen.
    var wasCutOff = false

    private let count: Int
    private let reply: MessageType?
    private let lastChange: Int?
    private var answered = 0

    /// Expects answers.
    ///
    /// - Parameters:
    ///   - count: How many requests there are.
    ///   - reply: The type of the objects that are asked for; `nil` when only acknowledgements come.
    init(count: Int, reply: MessageType? = nil) {
        self.count = count
        self.reply = reply
        lastChange = nil
    }

    /// Expects the answers to a transaction: refusals, and then that to the last change; or one to the first message,
    /// which opens the transaction, when the whole is refused.
    init(transactionOf count: Int) {
        self.count = count
        reply = nil
        lastChange = count - 2
    }

    /// Whether no answer is missing.
    var isComplete: Bool { answered >= count }

    /// Gives the requests the numbers after the last ones.
    mutating func start(after sequence: inout UInt32) {
        first = sequence &+ 1
        sequence &+= UInt32(count)
    }

    /// Takes a datagram.
    ///
    /// - Parameters:
    ///   - datagram: Some messages.
    ///   - body: Takes what comes after the header of each object; false when that is malformed.
    /// - Returns: false when something was malformed.
    mutating func take(_ datagram: RawSpan, _ body: (RawSpan) -> Bool) -> Bool {
        var offset = 0
        while offset < datagram.byteCount {
            guard let header = MessageHeader(in: datagram, at: offset) else { return false }
            let payload = datagram.extracting(offset + MessageHeader.byteCount..<offset + header.length)
            offset += (header.length + 3) & ~3
            let index = Int(header.sequence &- first)
            // Late answers to requests that were given up.
            guard index < count else { continue }
            if header.flags.contains(.dumpInterrupted) { wasInterrupted = true }
            switch header.type {
            case .noOperation: break
            case .error: guard takeResult(payload, header, index) else { return false }
            case .done:
                // A dump that fails midway ends with the error in place of zero.
                if let number = payload.integer(as: Int32.self), number < 0 {
                    refuse(index, number, payload, from: 4)
                }
                answered += 1
            case .overrun: wasInterrupted = true
            case let type where type == reply:
                guard body(payload) else { return false }
                if !header.flags.contains(.multipart) { answered += 1 }
            default: break
            }
        }
        return true
    }

    /// Takes a `struct nlmsgerr`: the number, the header of the request, attributes.
    private mutating func takeResult(_ payload: RawSpan, _ header: MessageHeader, _ index: Int) -> Bool {
        guard let number = payload.integer(as: Int32.self), number <= 0 else { return false }
        if let lastChange {
            if index == lastChange || index == 0 { answered = count }
        } else {
            answered += 1
        }
        guard number < 0 else { return true }
        var start = payload.byteCount
        if header.flags.contains(.hasAttributes) {
            let repeated = header.flags.contains(.capped) ? 16 : payload.integer(at: 4, as: UInt32.self).map(Int.init)
            start = 4 + (((repeated ?? 0) + 3) & ~3)
        }
        refuse(index, number, payload, from: start)
        return true
    }

    /// Takes what else is told about a refusal: `NLMSGERR_ATTR_MSG`, `NLMSGERR_ATTR_OFFS`.
    private mutating func refuse(_ index: Int, _ number: Int32, _ payload: RawSpan, from start: Int) {
        var words = ""
        var offset: UInt32?
        payload.forEachAttribute(from: start) { type, value in
            if type == 1 { words = value.text }
            if type == 2 { offset = value.integer(as: UInt32.self) }
        }
        refusals.append(
            Refusal(
                index: index, errno: Errno(rawValue: 0 &- number), words: words, attributeOffset: offset.map(Int.init)))
    }
}
