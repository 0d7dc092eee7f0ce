import Glibc
import Testing

/// A socket of a namespace, closed with the value, on an address of either family.
final class Endpoint {
    /// How long anything is waited for; what is reached answers within a millisecond.
    static let patience: Int32 = 5000

    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// A program that another test starts at this moment has a copy of the descriptor until it is executed, so closing alone
    /// would leave a listener in the way of the next one on its port.
    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// A socket that is bound to an address, a port of the kernel's choice unless said.
    init(_ kind: Kind, in space: Space, at address: String, port: UInt16 = 0, mark: UInt32? = nil) throws {
        let isIPv6 = address.contains(":")
        descriptor = try space.perform {
            let type = Int32((kind == .tcp ? SOCK_STREAM : SOCK_DGRAM).rawValue)
            return socket(isIPv6 ? AF_INET6 : AF_INET, type | Int32(SOCK_CLOEXEC.rawValue), 0)
        }
        try #require(descriptor >= 0, "socket: errno \(errno)")
        if var mark {
            try #require(setsockopt(descriptor, SOL_SOCKET, SO_MARK, &mark, 4) == 0, "SO_MARK: errno \(errno)")
        }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        let bound = try Self.withAddress(address, port) { bind(descriptor, $0, $1) }
        try #require(bound == 0, "bind \(address) in \(space.name): errno \(errno)")
    }

    enum Kind: CaseIterable, Sendable {
        case tcp
        case udp
    }

    func listen() throws { try #require(Glibc.listen(descriptor, 16) == 0) }

    /// Connects without waiting.
    func beginConnecting(to address: String, port: UInt16) throws {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let code = try Self.withAddress(address, port) { connect(descriptor, $0, $1) == 0 ? 0 : errno }
        try #require(code == 0 || code == EINPROGRESS, "connect \(address): errno \(code)")
    }

    /// Waits until a connection is there or refused: 0, or the error.
    func connectingEnds(within milliseconds: Int32) -> Int32 {
        guard isReady(POLLOUT, within: milliseconds) else { return ETIMEDOUT }
        var (code, size) = (Int32(0), socklen_t(4))
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        return code
    }

    /// The next connection, and who made it; nothing when nobody did.
    func accept(within milliseconds: Int32) -> (connection: Endpoint, peer: String)? {
        guard isReady(POLLIN, within: milliseconds) else { return nil }
        var storage = sockaddr_storage()
        let accepted = Self.withStorage(&storage) { Glibc.accept(descriptor, $0, $1) }
        return accepted < 0 ? nil : (Endpoint(accepted), Self.text(storage).address)
    }

    func send(_ text: String) { _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

    /// Sends a datagram: 0, or the error.
    @discardableResult
    func send(_ text: String, to address: String, port: UInt16) throws -> Int32 {
        try Self.withAddress(address, port) {
            sendto(descriptor, text, text.utf8.count, 0, $0, $1) < 0 ? errno : 0
        }
    }

    /// The next that comes, and from whom; nothing when nothing does.
    func receive(within milliseconds: Int32) -> (text: String, peer: String, port: UInt16)? {
        guard isReady(POLLIN, within: milliseconds) else { return nil }
        var storage = sockaddr_storage()
        var buffer = [UInt8](repeating: 0, count: 2048)
        let count = Self.withStorage(&storage) { recvfrom(descriptor, &buffer, buffer.count, 0, $0, $1) }
        guard count >= 0 else { return nil }
        let peer = Self.text(storage)
        return (String(decoding: buffer[..<count], as: UTF8.self), peer.address, peer.port)
    }

    var port: UInt16 {
        var storage = sockaddr_storage()
        _ = Self.withStorage(&storage) { getsockname(descriptor, $0, $1) }
        return Self.text(storage).port
    }

    private func isReady(_ events: Int32, within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        var count = poll(&entry, 1, milliseconds)
        while count < 0, errno == EINTR { count = poll(&entry, 1, milliseconds) }
        return count > 0
    }

    // MARK: Addresses of the C library

    private static func withStorage<Value>(
        _ storage: inout sockaddr_storage,
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Value
    ) -> Value {
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &size) }
        }
    }

    private static func withAddress<Value>(
        _ text: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) throws -> Value {
        var (four, six) = (sockaddr_in(), sockaddr_in6())
        if inet_pton(AF_INET, text, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            return withUnsafePointer(to: &four) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        try #require(inet_pton(AF_INET6, text, &six.sin6_addr) == 1, "\(text) is no address")
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        return withUnsafePointer(to: &six) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    private static func text(_ storage: sockaddr_storage) -> (address: String, port: UInt16) {
        var storage = storage
        var buffer = [CChar](repeating: 0, count: 64)
        let isIPv6 = Int32(storage.ss_family) == AF_INET6
        let port = withUnsafeMutableBytes(of: &storage) { octets in
            // The port is behind the family; the address behind the port, in IPv6 behind the flow too.
            inet_ntop(Int32(isIPv6 ? AF_INET6 : AF_INET), octets.baseAddress.map { $0 + (isIPv6 ? 8 : 4) }, &buffer, 64)
            return octets.loadUnaligned(fromByteOffset: 2, as: UInt16.self).byteSwapped
        }
        return (String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), port)
    }
}
