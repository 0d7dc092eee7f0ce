import Foundation
import Glibc
import IPAMCore
import JSONTree
import Synchronization
import TestSupport
import Testing

@testable import AgentLink

/// Sockets that are not there, not sockets, not for us, or not quick.
@Suite
struct ConnectionTests {
    /// Runs a body with the path of a file in a folder that is removed afterwards.
    static func withPath<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = try AgentServer.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder + "/agent.sock")
    }

    static func error(at path: String) throws -> AgentLinkError {
        try #require(throws: AgentLinkError.self) { try AgentLink(path: path).health() }
    }

    @Test
    func namesTheSocketAndTheRemedyWhenThereIsNoAgent() throws {
        try Self.withPath { path in
            #expect(
                try Self.error(at: path).description
                    == "GET /v1/ipam/healthy at \(path): there is no such file; "
                    + "is the spiderpool-agent of this node running?")
            // An agent that ended leaves its socket behind.
            close(try AgentServer.listen(at: path, backlog: 1))
            let left = try Self.error(at: path)
            #expect(left.code == .unreachable)
            #expect(left.detail == "nobody listens there; is the spiderpool-agent of this node running?")
            #expect(left.status == nil)
        }
    }

    @Test
    func tellsWhatElseMayBeThere() throws {
        try Self.withPath { path throws in
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let remedy = "; is the spiderpool-agent of this node running?"
            #expect(try Self.error(at: path).detail == "this is not a socket" + remedy)
            #expect(try Self.error(at: path + "/below").detail == "there is no such file" + remedy)
            let folder = String(path.prefix { $0 != "." }.dropLast(6))
            #expect(try Self.error(at: folder).detail == "this is not a socket" + remedy)
        }
        try Self.withPath { path in
            let datagrams = try AgentServer.listen(at: path, backlog: 1, type: SOCK_DGRAM)
            defer { close(datagrams) }
            let error = try Self.error(at: path)
            #expect(error.code == .unreachable)
            #expect(error.detail.hasPrefix("Protocol wrong type for socket; "))
        }
        for path in ["", String(repeating: "x", count: 108), "/run/a\0b"] {
            let error = try Self.error(at: path)
            #expect(error.code == .unreachable)
            #expect(error.detail.hasPrefix("this is not the path of a socket"))
        }
    }

    @Test
    func tellsThatTheSocketIsNotForUs() async throws {
        await #expect(processExitsWith: .success) {
            try ConnectionTests.withPath { path in
                let listener = try AgentServer.listen(at: path, backlog: 1)
                defer { close(listener) }
                try #require(chmod(path, 0o600) == 0)
                try #require(seteuid(65534) == 0)
                let error = try ConnectionTests.error(at: path)
                try #require(seteuid(0) == 0)
                try #require(error.code == .unreachable)
                try #require(error.detail == "the socket may not be used (Permission denied); run as root")
            }
        }
    }

    @Test
    func waitsInTheQueueOfABusyAgentUntilTheDeadline() throws {
        try Self.withPath { path in
            let listener = try AgentServer.listen(at: path, backlog: 0)
            defer { close(listener) }
            // Connections that nobody accepts fill the queue.
            var others: [CInt] = []
            defer { for descriptor in others { close(descriptor) } }
            repeat {
                others.append(socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0))
            } while AgentServer.withAddress(path) { connect(others.last ?? -1, $0, $1) } == 0
            #expect(errno == EAGAIN)

            let start = MonotonicInstant.now
            let agent = AgentLink(path: path)
            let error = try #require(throws: AgentLinkError.self) {
                try agent.health(deadline: start + .milliseconds(100))
            }
            #expect(error.code == .timedOut)
            #expect(error.detail.hasPrefix("no connection in time; "))
            #expect(start.duration(to: .now) >= .milliseconds(100))
            let late = try #require(throws: AgentLinkError.self) { try agent.health(deadline: start) }
            #expect(late.code == .timedOut)

            // Once the agent takes them, the next in the queue is served.
            Thread.detachNewThread {
                while case let connection = accept(listener, nil, nil), connection >= 0 {
                    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                    _ = send(connection, reply, reply.utf8.count, CInt(MSG_NOSIGNAL))
                    close(connection)
                }
            }
            try agent.health(deadline: .now + .seconds(60))
            shutdown(listener, CInt(SHUT_RDWR))
        }
    }

    /// Every way in which a request can end, over and over.
    static func requestOfEachKind(_ paths: [String], _ missing: String) throws {
        let text = JSONValue.string(String(repeating: "x", count: 300_000))
        for path in paths {
            let agent = AgentLink(path: path)
            _ = try? agent.request(.post, "/", body: text, deadline: .now + .milliseconds(20))
            _ = try? agent.health(deadline: .now + .milliseconds(20))
        }
        try #require(throws: AgentLinkError.self) { try AgentLink(path: missing).health() }
        try #require(throws: AgentLinkError.self) { try AgentLink(path: "").health() }
    }

    static func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    @Test
    func leavesNoDescriptorAndNoSignalBehind() async throws {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            let servers = [
                try AgentServer([.hold]), try AgentServer([]), try AgentServer([], readsRequests: false),
                try AgentServer(reply: "garbage\r\n\r\n"), try AgentServer(reply: "HTTP/1.1 200 OK\r\n\r\nhello"),
            ]
            let paths = servers.map(\.path)
            try ConnectionTests.requestOfEachKind(paths, "/nowhere")
            let before = try ConnectionTests.openDescriptors()
            for _ in 0..<20 { try ConnectionTests.requestOfEachKind(paths, "/nowhere") }
            for server in servers { server.stop() }
            try #require(try ConnectionTests.openDescriptors() <= before)
        }
    }

    @Test
    func signalsOnlyInterrupt() async throws {
        await #expect(processExitsWith: .success) {
            // Each request waits for a byte at a time, with a signal to its thread every millisecond.
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in signals.add(1, ordering: .relaxed) }
            sigaction(SIGUSR1, &action, nil)
            // Threads of a pool let no signal in.
            var wanted = sigset_t()
            sigemptyset(&wanted)
            sigaddset(&wanted, SIGUSR1)
            pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
            let target = pthread_self()
            let isOver = Flag()
            Thread.detachNewThread {
                while !isOver.isSet {
                    pthread_kill(target, SIGUSR1)
                    poll(nil, 0, 1)
                }
            }
            let server = try AgentServer([.trickle(AgentLinkTests.counted)])
            let text = JSONValue.string(String(repeating: "x", count: 300_000))
            for _ in 0..<60 {
                let reply = try AgentLink(path: server.path).request(
                    .post, "/", body: text, deadline: .now + .seconds(60))
                try #require(reply.status == 200)
            }
            isOver.set()
            try #require(signals.load(ordering: .relaxed) > 0)
            try #require(server.requests.allSatisfy { $0.utf8.count > 300_000 })
            server.stop()
        }
    }
}

/// How many signals came.
private let signals = Atomic(0)

/// Something that one thread tells another.
private final class Flag: Sendable {
    private let storage = Atomic(false)
    var isSet: Bool { storage.load(ordering: .relaxed) }
    func set() { storage.store(true, ordering: .relaxed) }
}
