internal import IPAMCore
internal import JSONTree
internal import NIOHTTP1

/// A whole request.
struct HTTPRequest: Sendable {
    /// How long a caller waits who does not say it.
    static let usualTimeout = Duration.seconds(100)

    /// How long a caller may say that it waits.
    static let longestTimeout = Duration.seconds(600)

    /// How long before the end of a caller's time the agent answers, so that its words arrive; a tenth of shorter times.
    static let answerTime = Duration.milliseconds(500)

    /// In which a caller says how many milliseconds it waits.
    static let timeoutHeader = "X-Request-Timeout-Ms"

    let method: HTTPMethod
    /// The path without the query, and without `%XX`.
    let path: String
    /// The query's pairs.
    let query: [String: String]
    let body: [UInt8]
    let deadline: MonotonicInstant

    /// - Throws: ``AgentRefusal`` for a head that says something impossible.
    init(_ head: HTTPRequestHead, body: [UInt8], receivedAt now: MonotonicInstant) throws(AgentRefusal) {
        method = head.method
        self.body = body
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = try Self.decoded(parts[0])
        var query: [String: String] = [:]
        for pair in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[try Self.decoded(sides[0])] = try sides.count == 2 ? Self.decoded(sides[1]) : ""
        }
        self.query = query
        let timeout = try Self.timeout(head.headers[Self.timeoutHeader])
        deadline = now + (timeout - min(timeout / 10, Self.answerTime))
    }

    private static func timeout(_ values: [String]) throws(AgentRefusal) -> Duration {
        guard let text = values.first else { return usualTimeout }
        guard values.count == 1, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            throw .flaw(400, code: 400, "\(timeoutHeader) must be a number of milliseconds, got \"\(text.prefix(64))\"")
        }
        return min(.milliseconds(min(number, 1 << 40)), longestTimeout)
    }

    /// Text of a target with its `%XX` resolved.
    private static func decoded(_ text: Substring) throws(AgentRefusal) -> String {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            switch octet {
            case UInt8(ascii: "+"): octets.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), digits.first != "+" else {
                    throw .flaw(400, code: 400, "the target \"\(text.prefix(128))\" has a % without two digits")
                }
                octets.append(value)
                rest = rest.dropFirst(2)
            default: octets.append(octet)
            }
        }
        guard let decoded = String(validating: octets, as: UTF8.self) else {
            throw .flaw(400, code: 400, "the target \"\(text.prefix(128))\" is not UTF-8")
        }
        return decoded
    }

    /// The body as an object; an empty one is the empty object.
    func reader() throws(AgentRefusal) -> JSONFieldReader {
        if body.isEmpty { return JSONFieldReader(JSONObject()) }
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: body.span)
        } catch {
            throw .flaw(400, code: 400, "parsing body failed: \(error)")
        }
        do throws(JSONFieldError) { return try JSONFieldReader(value) } catch { throw AgentRefusal(error) }
    }
}

/// A whole reply.
struct HTTPReply: Sendable, Equatable {
    let status: Int
    /// JSON, or nothing.
    let body: [UInt8]

    init(status: Int = 200, _ json: JSONValue? = nil) {
        self.status = status
        body = json?.utf8() ?? []
    }

    init(_ refusal: AgentRefusal) { self.init(status: refusal.status, refusal.body) }
}
