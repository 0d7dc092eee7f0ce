public import Foundation
internal import Glibc
internal import Synchronization

/// A small server on a unix socket of its own, on a thread of its own; both go with the value.
public final class AgentServer: Sendable {
    /// What it does with a connection, once it has read the request.
    public enum Step: Sendable {
        /// Sends bytes with as few calls as there need be.
        case send([UInt8])
        /// Sends each byte with a call of its own.
        case trickle([UInt8])
        /// Sends bytes over and over until nobody takes them.
        case flood([UInt8])
        /// Waits until the other end is closed.
        case hold
    }

    /// A call of the system that failed.
    public struct Failure: Error {
        let call: String
        let number = errno
    }

    /// The socket.
    public let path: String
    private let folder: String
    private let listener: CInt
    private let received = Mutex<[[UInt8]]>([])
    private let end = DispatchSemaphore(value: 0)

    /// Starts a server that does the same with each connection, and then closes it; it may leave requests unread.
    public convenience init(_ steps: [Step], readsRequests: Bool = true) throws {
        try self.init(readsRequests: readsRequests) { _ in steps }
    }

    /// Starts a server that replies with a text.
    public convenience init(reply: String) throws { try self.init([.send(Array(reply.utf8))]) }

    /// Starts a server that does with each connection what its request calls for, and then closes it.
    public init(readsRequests: Bool = true, answering steps: @escaping @Sendable (String) -> [Step]) throws {
        folder = try Self.makeFolder()
        path = folder + "/agent.sock"
        listener = try Self.listen(at: path, backlog: 16)
        Thread.detachNewThread { [self] in serve(steps, readsRequests) }
    }

    /// The requests so far, as text.
    public var requests: [String] { received.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    /// Ends the server and its thread.
    public func stop() {
        shutdown(listener, CInt(SHUT_RDWR))
        end.wait()
        close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func serve(_ steps: (String) -> [Step], _ readsRequests: Bool) {
        Self.blockSignals()
        while case let connection = accept(listener, nil, nil), connection >= 0 {
            let request = readsRequests ? receive(connection) : ""
            for step in steps(request) { perform(step, connection) }
            close(connection)
        }
        end.signal()
    }

    private func perform(_ step: Step, _ connection: CInt) {
        switch step {
        case .send(let bytes): _ = Self.send(bytes, connection)
        case .trickle(let bytes): for byte in bytes where Self.send([byte], connection) {}
        case .flood(let bytes): while Self.send(bytes, connection) {}
        case .hold:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        }
    }

    /// Reads a head, and as much of a body as it says.
    private func receive(_ connection: CInt) -> String {
        var request: [UInt8] = []
        var missing = 1
        var isHead = true
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while missing > 0 {
            let count = recv(connection, &buffer, isHead ? 1 : buffer.count, 0)
            guard count > 0 else { break }
            request += buffer[..<count]
            if !isHead {
                missing -= count
            } else if request.suffix(4) == [13, 10, 13, 10] {
                isHead = false
                missing = Self.length(String(decoding: request, as: UTF8.self))
            }
        }
        received.withLock { $0.append(request) }
        return String(decoding: request, as: UTF8.self)
    }

    /// How long the body is to which a head belongs.
    private static func length(_ head: String) -> Int {
        guard let field = head.range(of: "Content-Length: ") else { return 0 }
        return Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
    }

    private static func send(_ bytes: [UInt8], _ connection: CInt) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    /// Leaves the signals of the process to the thread of the test.
    private static func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }

    /// A folder that nobody else has.
    public static func makeFolder() throws -> String {
        let folder = "/tmp/al-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        return folder
    }

    /// Listens at a path.
    public static func listen(at path: String, backlog: CInt, type: __socket_type = SOCK_STREAM) throws -> CInt {
        let descriptor = socket(AF_UNIX, CInt(type.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket") }
        let bound = withAddress(path) { bind(descriptor, $0, $1) }
        guard bound == 0 else { throw Failure(call: "bind") }
        guard type != SOCK_STREAM || Glibc.listen(descriptor, backlog) == 0 else { throw Failure(call: "listen") }
        return descriptor
    }

    /// Calls a body with a path as the system takes it.
    public static func withAddress<Value>(_ path: String, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Value)
        -> Value
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafeBytes(of: &address) {
            body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
    }
}

/// Runs a body with a server, which ends afterwards.
public func withServer<Value>(_ server: AgentServer, _ body: (AgentServer) throws -> Value) throws -> Value {
    defer { server.stop() }
    return try body(server)
}
