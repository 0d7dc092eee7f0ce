import Glibc
import IPAMCore
import NetlinkKit

/// A socket of the Internet Protocol, for tests that look at the ways of packets.
struct EndpointSocket: ~Copyable {
    struct Failure: Error {
        let call: String
        let number = errno
    }

    let descriptor: CInt
    private let kind: Conversation

    /// Opens a socket in the namespace of the calling thread.
    init(_ kind: Conversation, _ family: AddressFamily) throws {
        let type = kind == .tcp ? SOCK_STREAM : SOCK_DGRAM
        descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, CInt(type.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        self.kind = kind
        guard descriptor >= 0 else { throw Failure(call: "socket") }
    }

    private init(descriptor: CInt) {
        self.descriptor = descriptor
        kind = .tcp
    }

    deinit { close(descriptor) }

    /// Takes an address and some port, and listens.
    func bind(to address: IPAddress) throws {
        let bound = Self.withSocketAddress(address, port: 0) { Glibc.bind(descriptor, $0, $1) }
        guard bound == 0 else { throw Failure(call: "bind") }
    }

    /// Sets `SO_MARK`.
    func mark(_ mark: UInt32) throws {
        var mark = mark
        guard setsockopt(descriptor, SOL_SOCKET, SO_MARK, &mark, 4) == 0 else { throw Failure(call: "SO_MARK") }
    }

    func port() throws -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard result == 0 else { throw Failure(call: "getsockname") }
        return UInt16(bigEndian: address.sin6_port)  // at the same place in sockaddr_in
    }

    /// Sends an octet without a connection.
    func send(to address: IPAddress, port: UInt16) throws {
        let sent = Self.withSocketAddress(address, port: port) { sendto(descriptor, "?", 1, 0, $0, $1) }
        guard sent == 1 else { throw Failure(call: "sendto") }
    }

    /// Connects to a server, sends an octet and waits for one.
    func asks(_ server: borrowing EndpointSocket, at address: IPAddress, waitingMilliseconds: Int) throws -> Bool {
        if kind == .tcp { guard listen(server.descriptor, 1) == 0 else { throw Failure(call: "listen") } }
        try limit(milliseconds: waitingMilliseconds)
        try server.limit(milliseconds: waitingMilliseconds)
        let port = try server.port()
        let connected = Self.withSocketAddress(address, port: port) { Glibc.connect(descriptor, $0, $1) }
        // SO_SNDTIMEO ends the wait for an answer with EINPROGRESS.
        guard connected == 0 else { return false }
        guard Glibc.send(descriptor, "?", 1, 0) == 1 else { throw Failure(call: "send") }
        switch kind {
        case .tcp:
            let accepted = accept(server.descriptor, nil, nil)
            guard accepted >= 0 else { throw Failure(call: "accept") }
            try Self(descriptor: accepted).answer()
        case .udp: try server.answer()
        }
        var octet: UInt8 = 0
        return recv(descriptor, &octet, 1, 0) == 1
    }

    /// Waits for an octet and answers it.
    func answer() throws {
        var octet: UInt8 = 0
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        try withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            guard recvfrom(descriptor, &octet, 1, 0, address, &length) == 1 else { throw Failure(call: "recvfrom") }
            // What has a connection needs no address, and is given none.
            let isConnected = kind == .tcp
            let sent = sendto(descriptor, &octet, 1, 0, isConnected ? nil : address, isConnected ? 0 : length)
            guard sent == 1 else { throw Failure(call: "sendto") }
        }
    }

    private func limit(milliseconds: Int) throws {
        var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size) == 0,
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size) == 0
        else { throw Failure(call: "SO_RCVTIMEO") }
    }

    private static func withSocketAddress<Value>(
        _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Value
    ) -> Value {
        switch address {
        case .v4(let address):
            var socketAddress = sockaddr_in()
            socketAddress.sin_family = sa_family_t(AF_INET)
            socketAddress.sin_port = port.bigEndian
            socketAddress.sin_addr.s_addr = address.bits.bigEndian
            return withUnsafeBytes(of: &socketAddress) {
                body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
            }
        case .v6(let address):
            var socketAddress = sockaddr_in6()
            socketAddress.sin6_family = sa_family_t(AF_INET6)
            socketAddress.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &socketAddress.sin6_addr) { bytes in
                bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
                bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return withUnsafeBytes(of: &socketAddress) {
                body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
            }
        }
    }
}
