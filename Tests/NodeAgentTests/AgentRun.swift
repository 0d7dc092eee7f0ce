import AgentLink
import Foundation
import Glibc
import IPAMCore
import JSONTree
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

@testable import NodeAgent

/// A service of the tests: notes what it is asked, and answers in a fixed way.
final class NotingService: AgentService {
    let calls = Mutex<[String]>([])
    let deadlines = Mutex<[MonotonicInstant]>([])
    let cancelled = Mutex(0)
    /// Whether requests are kept until ``open()``, or until they are cancelled.
    private let isHolding: Bool
    private let waiting = Mutex<(isOpen: Bool, continuations: [CheckedContinuation<Void, Never>])>((false, []))
    private let waitsForDeadline: Bool
    let refusal: AgentRefusal?

    init(isHolding: Bool = false, waitsForDeadline: Bool = false, refusal: AgentRefusal? = nil) {
        self.isHolding = isHolding
        self.waitsForDeadline = waitsForDeadline
        self.refusal = refusal
    }

    /// How many requests are kept.
    var held: Int { waiting.withLock { $0.continuations.count } }

    func open() {
        let all = waiting.withLock { state in
            state.isOpen = true
            defer { state.continuations = [] }
            return state.continuations
        }
        for continuation in all { continuation.resume() }
    }

    private func note(_ call: String, _ deadline: MonotonicInstant? = nil) async throws(AgentRefusal) {
        calls.withLock { $0.append(call) }
        if let deadline { deadlines.withLock { $0.append(deadline) } }
        if isHolding {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOpen = waiting.withLock { state in
                        if !state.isOpen { state.continuations.append(continuation) }
                        return state.isOpen
                    }
                    if isOpen { continuation.resume() }
                }
            } onCancel: {
                cancelled.withLock { $0 += 1 }
                open()
            }
        }
        if waitsForDeadline, let deadline {
            // proof: it does what an agent does that misses something until the deadline
            try? await Task.sleep(for: MonotonicInstant.now.duration(to: deadline))
        }
        if let refusal { throw refusal }
    }

    func checkHealth() async throws(AgentRefusal) {
        if let refusal { throw refusal }
    }

    func allocate(_ arguments: AddArguments, deadline: MonotonicInstant) async throws(AgentRefusal) -> AddReply {
        try await note("allocate \(arguments.attachment.pod) \(arguments.attachment.interface)", deadline)
        var address = GivenAddress(
            IPAddress("10.6.0.9") ?? .lowest(of: .ipv4), prefixLength: 16, interface: arguments.attachment.interface,
            pool: "a", gateway: IPAddress("10.6.0.1"))
        address.detectsConflict = true
        return AddReply([address])
    }

    func release(_ arguments: AttachmentArguments, deadline: MonotonicInstant) async throws(AgentRefusal) {
        try await note("release \(arguments.pod) \(arguments.podUID)", deadline)
    }

    func giveUp(_ arguments: GiveUpArguments, deadline: MonotonicInstant) async throws(AgentRefusal) {
        let conflicts = arguments.conflicts.map { "\($0.address) \($0.mac?.description ?? "-")" }
        try await note("give up \(arguments.interface ?? "all") \(conflicts)", deadline)
    }

    func check(_ arguments: CheckArguments, deadline: MonotonicInstant) async throws(AgentRefusal) -> CheckReply {
        try await note("check \(arguments.addresses)", deadline)
        return CheckReply([], foreign: arguments.addresses)
    }

    func collectGarbage(
        _ arguments: GarbageArguments, deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> GarbageReply {
        try await note("garbage \(arguments.network) \(arguments.valid.count)", deadline)
        return GarbageReply(released: [])
    }

    func endpoint(_ pod: PodName, deadline: MonotonicInstant) async throws(AgentRefusal) -> JSONObject {
        try await note("endpoint \(pod)", deadline)
        return ["podName": .string(pod.name)]
    }

    func coordinatorConfig(_ pod: PodName, deadline: MonotonicInstant) async throws(AgentRefusal) -> CoordinatorConfig {
        try await note("config \(pod)", deadline)
        return try CoordinatorConfig(["status": ["phase": "Synced"]], annotations: [:])
    }
}

/// A server in this process, on a socket of its own.
struct AgentRun {
    let path: String
    let port: Int
    let group: ServiceGroup

    var link: AgentLink { AgentLink(path: path) }

    /// Runs a body with a server, and drains it afterwards; returns after the server has ended.
    static func with<Value>(
        _ service: any AgentService, _ change: (inout APIServer.Settings) -> Void = { _ in },
        _ body: (AgentRun) async throws -> Value
    ) async throws -> Value {
        let folder = "/tmp/na-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        mkdir(folder, 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = APIServer.Settings(socketPath: folder + "/agent.sock", healthPort: 0)
        change(&settings)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let server = APIServer(
            settings, service: service, group: .singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) {
            continuation.yield($0 ?? 0)
        }
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let task = Task {
            defer { continuation.finish() }
            try await group.run()
        }
        var port: Int?
        for await number in ports {
            port = number
            break
        }
        guard let port else {
            try await task.value
            throw AgentError(.system, "the server ended")
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(AgentRun(path: settings.socketPath, port: port, group: group)))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await task.value
        return try result.get()
    }

    /// Runs blocking code on a thread of its own: the pool's threads serve meanwhile.
    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    /// Sends a request through the plugins' client: `status body`.
    func ask(_ method: AgentLink.Method, _ target: String, _ body: JSONValue? = nil, seconds: Int = 30) async -> String
    {
        let link = link
        return await Self.onThread {
            do {
                let reply = try link.request(
                    method, target, body: body, deadline: .now + .seconds(seconds), tellsDeadline: true)
                return "\(reply.status) \(String(decoding: reply.body, as: UTF8.self))"
            } catch {
                return "\(error)"
            }
        }
    }

    /// Sends bytes, and reads until the other end closes.
    func send(_ text: String, closesEnd: Bool = false) async -> String {
        let path = path
        return await Self.onThread {
            guard let descriptor = Self.begin(text, at: path) else { return "no connection" }
            if closesEnd { shutdown(descriptor, CInt(SHUT_WR)) }
            return Self.finish(descriptor)
        }
    }

    /// Connects and sends bytes, as far as the other end takes them.
    static func begin(_ text: String, at path: String) -> CInt? {
        guard let descriptor = connect(to: path) else { return nil }
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            start += count
        }
        return descriptor
    }

    /// Reads until the other end closes, and closes this one.
    static func finish(_ descriptor: CInt) -> String {
        defer { close(descriptor) }
        var reply: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { reply += buffer[..<count] }
        return String(decoding: reply, as: UTF8.self)
    }

    static func connect(to path: String) -> CInt? {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafeBytes(of: &address) {
            Glibc.connect(
                descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
