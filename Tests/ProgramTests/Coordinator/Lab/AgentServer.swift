import Foundation
import Glibc
import Synchronization
import Testing

/// Answers every request on a unix socket with one status and body, on a thread of its own, until the value ends.
final class AgentServer {
    let path: String
    private let listener: Int32
    private let received = Requests()

    /// What the socket received, shared with the thread.
    private final class Requests: Sendable {
        let texts = Mutex<[String]>([])
    }

    /// Requests so far, each the head and the body.
    var requests: [String] { received.texts.withLock { $0 } }

    init(in folder: TemporaryFolder, status: String = "200 OK", _ body: String) throws {
        path = folder.path("agent-\(folder.unique()).sock")
        listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 16) == 0, "\(path): errno \(errno)")
        let answer =
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n\(body)"
        let (socket, received) = (listener, received)
        Thread.detachNewThread {
            while case let connection = accept(socket, nil, nil), connection >= 0 {
                let request = Self.request(from: connection)
                received.texts.withLock { $0.append(request) }
                _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                close(connection)
            }
            close(socket)
        }
    }

    deinit {
        // The thread wakes up, and closes the listener.
        shutdown(listener, Int32(SHUT_RDWR))
        unlink(path)
    }

    private static func request(from connection: Int32) -> String {
        var octets: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let text = String(decoding: octets, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let length = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                let expected = length.flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) }
                if text[end.upperBound...].utf8.count >= expected ?? 0 { return text }
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return text }
            octets += chunk[..<count]
        }
    }
}
