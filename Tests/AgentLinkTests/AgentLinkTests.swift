import AgentLink
import CNITypes
import IPAMCore
import JSONTree
import TestSupport
import Testing

/// The whole way over a unix socket, to a server of the tests.
@Suite
struct AgentLinkTests {
    /// A deadline that is not reached unless something is wrong.
    static var late: MonotonicInstant { .now + .seconds(60) }

    static func reply(_ body: String, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test
    func asksForTheSettingsOfAPod() throws {
        let body = #"{"mode":"underlay","overlayPodCIDR":[],"serviceCIDR":["10.96.0.0/12"],"tunePodRoutes":true}"#
        try withServer(try AgentServer(reply: Self.reply(body))) { server in
            let agent = AgentLink(path: server.path)
            let settings = try agent.coordinatorConfig(podName: "web-0", podNamespace: "shop", deadline: Self.late)
            #expect(settings["mode"] == "underlay")
            #expect(settings["serviceCIDR"] == ["10.96.0.0/12"])
            #expect(
                server.requests == [
                    "GET /v1/coordinator/config HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 41\r\nConnection: close\r\n\r\n"
                        + #"{"podName":"web-0","podNamespace":"shop"}"#
                ])
        }
    }

    struct Shape: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [AgentServer.Step]
        var testDescription: String { name }
    }

    static let chunked = Array(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"mode\":\r\n7;x\r\n\"auto\"}\r\n0\r\n\r\n".utf8)
    static let open = Array("HTTP/1.0 200 OK\r\n\r\n{\"mode\":\"auto\"}".utf8)
    static let counted = Array(reply("{\"mode\":\"auto\"}").utf8)

    @Test(arguments: [
        Shape(name: "length", steps: [.send(counted)]),
        Shape(name: "length, connection kept", steps: [.send(counted), .hold]),
        Shape(name: "length, byte by byte", steps: [.trickle(counted)]),
        Shape(name: "chunks", steps: [.send(chunked), .hold]),
        Shape(name: "chunks, byte by byte", steps: [.trickle(chunked), .hold]),
        Shape(name: "up to the end", steps: [.send(open)]),
        Shape(name: "up to the end, byte by byte", steps: [.trickle(open)]),
        Shape(name: "after 100", steps: [.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)), .trickle(counted)]),
    ])
    func takesEveryShapeOfReply(shape: Shape) throws {
        try withServer(try AgentServer(shape.steps)) { server throws in
            let agent = AgentLink(path: server.path)
            for _ in 0..<3 {
                #expect(
                    try agent.coordinatorConfig(podName: "p", podNamespace: "n", deadline: Self.late)["mode"] == "auto")
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [AgentServer.Step]
        let code: AgentLinkError.Code
        let cniCode: CNIError.Code
        let words: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Refusal(
            name: "a reason", steps: [.send(Array(reply(#""coordinator config not found""#, status: "500 X").utf8))],
            code: .refused, cniCode: .tryAgainLater, words: "status 500: coordinator config not found"),
        Refusal(
            name: "not a member", steps: [.send(Array(reply("", status: "404 Not Found").utf8))],
            code: .refused, cniCode: .tryAgainLater, words: "status 404: no reason was given"),
        Refusal(
            name: "an array", steps: [.send(Array(reply("[]").utf8))], code: .malformed, cniCode: .decodingFailed,
            words: "JSON, but not an object (array)"),
        Refusal(
            name: "not JSON", steps: [.send(Array(reply("{\"mode\":").utf8))], code: .malformed,
            cniCode: .decodingFailed,
            words: "the reply is not JSON: line 1, column 9"),
        Refusal(
            name: "garbage", steps: [.send([0, 1, 2, 13, 10, 13, 10])], code: .malformed, cniCode: .decodingFailed,
            words: "the reply is not HTTP/1.1: it does not start with a status line"),
        Refusal(
            name: "nothing", steps: [], code: .disconnected, cniCode: .tryAgainLater,
            words: "the connection ended before the reply was whole; did the spiderpool-agent end meanwhile?"),
        Refusal(
            name: "half", steps: [.send(Array(counted.dropLast()))], code: .disconnected, cniCode: .tryAgainLater,
            words: "the connection ended before the reply was whole"),
        Refusal(
            name: "endless head", steps: [.flood([UInt8](repeating: 0x20, count: 4096))], code: .malformed,
            cniCode: .decodingFailed, words: "the head is longer than 65536 bytes"),
        Refusal(
            name: "endless body", steps: [.send(open), .flood([UInt8](repeating: 0x20, count: 4096))],
            code: .malformed, cniCode: .decodingFailed, words: "the body is longer than 4194304 bytes"),
    ])
    func tellsWhatIsWrong(row: Refusal) throws {
        try withServer(try AgentServer(row.steps)) { server in
            let agent = AgentLink(path: server.path)
            let error = try #require(throws: AgentLinkError.self) {
                try agent.coordinatorConfig(podName: "p", podNamespace: "n", deadline: Self.late)
            }
            #expect(error.code == row.code)
            #expect(error.path == server.path)
            #expect(error.description.hasPrefix("GET /v1/coordinator/config at \(server.path): "))
            #expect(error.description.contains(row.words), "\(error)")
            #expect(!error.description.contains("\n"))
            #expect(CNIError(error).code == row.cniCode)
            #expect(CNIError(error).details == error.description)
        }
    }

    @Test
    func anyStatusIsAReply() throws {
        try withServer(try AgentServer(reply: Self.reply("\"no\"", status: "521 Refused"))) { server in
            let agent = AgentLink(path: server.path)
            let reply = try agent.request(.delete, "/v1/ipam/ips?a=b c\r\nX: ü", body: nil, deadline: Self.late)
            #expect(reply.status == 521)
            #expect(try reply.json() == "no")
            _ = try agent.request(.post, "/v1/ipam/ip", body: ["a": [1]], deadline: Self.late)
            #expect(
                server.requests == [
                    "DELETE /v1/ipam/ips?a=b%20c%0D%0AX:%20%C3%BC HTTP/1.1\r\nHost: localhost\r\n"
                        + "Accept: application/json\r\nConnection: close\r\n\r\n",
                    "POST /v1/ipam/ip HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{\"a\":[1]}",
                ])
        }
    }

    @Test
    func aHealthyAgentSaysSo() throws {
        try withServer(try AgentServer(reply: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) { server in
            try AgentLink(path: server.path).health()
            #expect(server.requests.first?.hasPrefix("GET /v1/ipam/healthy HTTP/1.1\r\n") == true)
        }
        try withServer(try AgentServer(reply: Self.reply("\"starting\"", status: "500 X"))) { server in
            let error = #expect(throws: AgentLinkError.self) { try AgentLink(path: server.path).health() }
            #expect(error?.code == .refused)
            #expect(error?.detail == "starting")
        }
    }

    @Test(arguments: [
        Shape(name: "says nothing", steps: [.hold]),
        Shape(name: "says half", steps: [.trickle(Array(counted.dropLast())), .hold]),
        Shape(name: "goes on for ever", steps: [.send(chunked.dropLast(2)), .flood(Array("Trailer: x\r\n".utf8))]),
    ])
    func aSlowAgentIsGivenUpAtTheDeadline(shape: Shape) throws {
        try withServer(try AgentServer(shape.steps)) { server in
            let start = MonotonicInstant.now
            let error = try #require(throws: AgentLinkError.self) {
                try AgentLink(path: server.path).health(deadline: start + .milliseconds(100))
            }
            let elapsed = start.duration(to: .now)
            #expect(error.code == .timedOut)
            #expect(error.detail.contains("in time"))
            #expect(elapsed >= .milliseconds(100) && elapsed < .seconds(10), "\(elapsed)")
        }
    }

    @Test
    func aLargeRequestArrivesWhole() throws {
        let text = String(repeating: "0123456789", count: 200_000)
        try withServer(try AgentServer(reply: Self.reply("1"))) { server in
            _ = try AgentLink(path: server.path).request(.post, "/", body: .string(text), deadline: Self.late)
            #expect(server.requests.first?.hasSuffix("\r\n\r\n\"\(text)\"") == true)
        }
    }

    @Test
    func aReplyCountsAlsoWhenTheRequestWasNotRead() throws {
        let text = String(repeating: "0123456789", count: 200_000)
        let server = try AgentServer(
            [.send(Array(Self.reply("1", status: "413 Too Large").utf8))], readsRequests: false)
        try withServer(server) { server in
            let reply = try AgentLink(path: server.path).request(.post, "/", body: .string(text), deadline: Self.late)
            #expect(reply.status == 413)
        }
    }
}
