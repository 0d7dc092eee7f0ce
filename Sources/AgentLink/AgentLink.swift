public import IPAMCore
public import JSONTree

/// A plugin's way to the agent of its node: HTTP/1.1 over a unix socket, one connection for each request, no repeating.
///
/// Calls block the thread until the reply is whole or the deadline has come. Nothing stays open afterwards.
///
/// ```swift
/// let agent = AgentLink()
/// let settings = try agent.coordinatorConfig(
///     podName: "web-0", podNamespace: "shop", deadline: .now + .seconds(30))
/// settings["mode"]  // "underlay"
/// ```
public struct AgentLink: Sendable, Hashable {
    /// What is asked of the agent.
    public enum Method: String, Sendable {
        /// To tell something.
        case get = "GET"
        /// To make something.
        case post = "POST"
        /// To remove something.
        case delete = "DELETE"
    }

    /// Where the agent listens unless its settings say otherwise.
    public static let defaultPath = "/var/run/spidernet/spiderpool.sock"

    /// The socket.
    public let path: String

    /// Makes a way to an agent; nothing is opened yet.
    ///
    /// - Parameter path: The socket, at most 107 bytes (`sun_path`).
    public init(path: String = defaultPath) {
        self.path = path
    }

    /// Sends a request and waits for the whole reply.
    ///
    /// - Parameters:
    ///   - method: What is asked.
    ///   - target: The path on the agent with its query; octets that have no place there are sent as `%XX`.
    ///   - body: What goes with the request; a GET may have one too.
    ///   - deadline: When to give up.
    ///   - tellsDeadline: Whether the agent is told how long it is waited for (`X-Request-Timeout-Ms`), so that it does not
    ///     go on for a caller who has left.
    /// - Returns: The reply, whatever its status.
    /// - Throws: ``AgentLinkError`` when there is no agent, when it is too slow, or when it does not answer in HTTP.
    public func request(
        _ method: Method, _ target: String, body: JSONValue? = nil, deadline: MonotonicInstant,
        tellsDeadline: Bool = false
    ) throws(AgentLinkError) -> AgentReply {
        do throws(Failure) {
            let connection = try Connection(to: path, by: deadline)
            let left = tellsDeadline ? MonotonicInstant.now.duration(to: deadline) : nil
            return try connection.exchange(Self.bytes(method, target, body, timeLeft: left), by: deadline)
        } catch {
            throw error.named(path: path, request: "\(method.rawValue) \(target)")
        }
    }

    /// Sends a request that must be granted.
    ///
    /// - Parameters:
    ///   - method: What is asked.
    ///   - target: The path on the agent with its query.
    ///   - body: What goes with the request.
    ///   - deadline: When to give up.
    ///   - tellsDeadline: Whether the agent is told how long it is waited for.
    /// - Returns: The reply, whose status is 200.
    /// - Throws: ``AgentLinkError``; with ``AgentLinkError/Code/refused`` and the agent's reason when the status is another.
    public func grantedRequest(
        _ method: Method, _ target: String, body: JSONValue? = nil, deadline: MonotonicInstant,
        tellsDeadline: Bool = false
    ) throws(AgentLinkError) -> AgentReply {
        let reply = try request(method, target, body: body, deadline: deadline, tellsDeadline: tellsDeadline)
        guard reply.status == 200 else {
            let failure = Failure(.refused, reply.reason, status: reply.status)
            throw failure.named(path: path, request: "\(method.rawValue) \(target)")
        }
        return reply
    }
}

extension AgentLink {
    /// Writes a request (RFC 9112).
    static func bytes(
        _ method: Method, _ target: String, _ body: JSONValue?, timeLeft: Duration? = nil
    ) -> [UInt8] {
        var head = "\(method.rawValue) \(encoded(target)) HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        let text = body.map { Array($0.text().utf8) } ?? []
        if body != nil { head += "Content-Type: application/json\r\n" }
        if body != nil || method == .post { head += "Content-Length: \(text.count)\r\n" }
        if let (seconds, attoseconds) = timeLeft?.components {
            head += "X-Request-Timeout-Ms: \(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))\r\n"
        }
        head += "Connection: close\r\n\r\n"
        return Array(head.utf8) + text
    }

    /// The target with white space, controls and what is not ASCII as `%XX`.
    private static func encoded(_ target: String) -> String {
        var text = ""
        for octet in target.utf8 {
            if (0x21...0x7e).contains(octet) {
                text.unicodeScalars.append(Unicode.Scalar(octet))
            } else {
                text += octet < 16 ? "%0" : "%"
                text += String(octet, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
