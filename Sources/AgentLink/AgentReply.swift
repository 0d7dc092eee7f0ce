public import JSONTree

/// What the agent replied.
public struct AgentReply: Sendable, Equatable {
    /// The status (RFC 9110 §15), 200 to 599.
    public let status: Int

    /// The body, without what it was wrapped in on the way.
    public let body: [UInt8]

    /// Reads the body.
    ///
    /// - Returns: The JSON value.
    /// - Throws: `JSONParseError` when it is none.
    public func json() throws(JSONParseError) -> JSONValue { try JSONValue(parsing: body.span) }

    /// The agent's words about a refusal: the string that the body is, or the `message` in it, or the body itself.
    public var reason: String {
        let value = try? json()
        let text = value?.stringValue ?? value?["message"]?.stringValue ?? String(decoding: body, as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard words.utf8.count > Self.longestReason else { return words.isEmpty ? "no reason was given" : words }
        return String(decoding: words.utf8.prefix(Self.longestReason), as: UTF8.self) + " …"
    }

    /// The longest ``reason`` in bytes.
    private static let longestReason = 1024
}
