import Glibc
import Synchronization
import TestSupport

/// A program on the other end of a connection that does exactly what a test says, right or wrong.
final class Peer: Sendable {
    /// What it does with a request.
    struct Answer: Sendable {
        /// What it sends, piece by piece.
        var pieces: [[UInt8]] = []
        /// What it does afterwards.
        var ending = Ending.nextRequest

        enum Ending: Sendable {
            case nextRequest
            case close
            /// Neither a word nor an end, until the test is over.
            case silence
        }

        static let silence = Answer(ending: .silence)
        static let close = Answer(ending: .close)

        /// A whole answer.
        static func reply(_ status: Int, _ body: String, headers: [String] = []) -> Answer {
            let head = [
                "HTTP/1.1 \(status) Words", "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
            ]
            return Answer(pieces: [Array(((head + headers).joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)])
        }

        /// A stream that goes on in pieces of any size.
        static func stream(_ pieces: [String], ending: Ending) -> Answer {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            var bytes = [Array(head.utf8)]
            for piece in pieces { bytes.append(Array("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n".utf8)) }
            if case .nextRequest = ending { bytes.append(Array("0\r\n\r\n".utf8)) }
            return Answer(pieces: bytes, ending: ending)
        }
    }

    private struct State {
        var requests: [String] = []
        var connections: [Int32] = []
        var isOver = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let answer: @Sendable (_ request: String, _ number: Int) -> Answer

    // The answer is made of the head and body of a request, and of how many came before it.
    init(_ answer: @escaping @Sendable (_ request: String, _ number: Int) -> Answer) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Bool in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard port else { throw SupportError("socket: errno \(errno)") }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        start { $0.accept() }
    }

    /// The requests that came, whole.
    var requests: [String] { state.withLock { $0.requests } }

    /// Ends all connections and listens no longer.
    func stop() {
        let connections = state.withLock { state in
            state.isOver = true
            defer { state.connections = [] }
            return state.connections
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    private func start(_ work: @escaping @Sendable (Peer) -> Void) {
        final class Box: Sendable {
            let peer: Peer
            let work: @Sendable (Peer) -> Void
            init(_ peer: Peer, _ work: @escaping @Sendable (Peer) -> Void) {
                self.peer = peer
                self.work = work
            }
        }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(self, work)).toOpaque()
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let box = Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue()
                box.work(box.peer)
                return nil
            }, box)
        pthread_detach(thread)
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let isOver = state.withLock { state in
                state.connections.append(connection)
                return state.isOver
            }
            if isOver { shutdown(connection, Int32(SHUT_RDWR)) }
            start { $0.serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer {
            state.withLock { $0.connections.removeAll { $0 == connection } }
            close(connection)
        }
        while let request = read(connection) {
            let number = state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            let answer = answer(request, number)
            for piece in answer.pieces where send(connection, piece, piece.count, Int32(MSG_NOSIGNAL)) < 0 { return }
            switch answer.ending {
            case .nextRequest: continue
            case .close: return
            case .silence:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            }
        }
    }

    /// A request with its body; `nil` at the end of the connection.
    private func read(_ connection: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        let head = String(decoding: bytes, as: UTF8.self)
        let length =
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        for _ in 0..<length {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
