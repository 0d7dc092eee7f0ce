/// The reader of one reply (RFC 9112), which comes in pieces of any size.
///
/// ```text
/// HTTP/1.1 200 OK ␍␊ Name: value ␍␊ … ␍␊ ␍␊ │ body: so many bytes, or chunks, or all up to the end
/// └─ head, at most 64 KiB ────────────────┘   └─ at most 4 MiB ──────────────────────────────────┘
/// ```
struct ReplyReader {
    /// The longest head in bytes.
    static let longestHead = 64 << 10

    /// The longest body in bytes.
    static let longestBody = 4 << 20

    /// What was received and not taken yet; whoever receives something appends it.
    var bytes: [UInt8] = []

    private var head: ReplyHead?
    private var chunks = ChunkedBody()
    /// How long the heads are that were read.
    private var headBytes = 0
    /// Up to where there is no end of a head.
    private var searched = 0

    /// The reply; `nil` when there has to come more.
    mutating func reply() throws(Failure) -> AgentReply? {
        guard let head = try readHead() else { return nil }
        switch head.framing {
        case .none: return AgentReply(status: head.status, body: [])
        case .length(let count):
            return bytes.count < count ? nil : AgentReply(status: head.status, body: Array(bytes[..<count]))
        case .chunks: return try chunks.take(&bytes) ? AgentReply(status: head.status, body: chunks.body) : nil
        case .end:
            guard bytes.count <= Self.longestBody else { throw Self.excess }
            return nil
        }
    }

    /// The reply, when nothing will come any more.
    mutating func lastReply() throws(Failure) -> AgentReply {
        if let reply = try reply() { return reply }
        guard let head, head.framing == .end else { throw Self.truncation }
        return AgentReply(status: head.status, body: bytes)
    }

    /// The head of the reply that counts, after those that only announce it (`1xx`).
    private mutating func readHead() throws(Failure) -> ReplyHead? {
        while head == nil {
            let end = endOfHead()
            guard headBytes + (end ?? bytes.count) <= Self.longestHead else {
                throw Failure.malformed("the head is longer than \(Self.longestHead) bytes")
            }
            guard let end else { return nil }
            let read = try ReplyHead(bytes[..<end])
            bytes.removeFirst(end)
            headBytes += end
            searched = 0
            if read.status >= 200 { head = read }
        }
        return head
    }

    /// Where the head ends: behind the first empty line.
    private mutating func endOfHead() -> Int? {
        while searched + 4 <= bytes.count {
            if bytes[searched] == 13, bytes[searched + 1] == 10, bytes[searched + 2] == 13, bytes[searched + 3] == 10 {
                return searched + 4
            }
            searched += 1
        }
        return nil
    }

    /// The connection ended within the reply.
    static var truncation: Failure {
        Failure(
            .disconnected, "the connection ended before the reply was whole; did the spiderpool-agent end meanwhile?")
    }

    /// The body is too long.
    static var excess: Failure { Failure(.malformed, "the body is longer than \(longestBody) bytes") }
}
