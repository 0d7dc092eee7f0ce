internal import CNITypes
internal import Glibc
internal import IPAMCore

/// A connection to the agent, closed with this value.
struct Connection: ~Copyable {
    private let descriptor: OwnedDescriptor

    private static let remedy = "is the spiderpool-agent of this node running?"

    /// Connects to a socket.
    ///
    /// A socket that does not block would not wait while others queue for the agent, but be refused; so this one blocks
    /// until it is connected, for no longer than the deadline (`SO_SNDTIMEO`).
    init(to path: String, by deadline: MonotonicInstant) throws(Failure) {
        let descriptor = OwnedDescriptor(socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0))
        guard descriptor.isOpen else {
            throw Failure(.unreachable, "no socket can be opened: \(Descriptor.text(ofError: errno))")
        }
        guard var address = Self.address(of: path) else {
            throw Failure(.unreachable, "this is not the path of a socket, which has 1 to 107 bytes and no zero")
        }
        while true {
            try Self.limitWaiting(descriptor.number, deadline)
            let result = unsafe withUnsafeBytes(of: &address) { bytes in
                unsafe connect(
                    descriptor.number, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(bytes.count))
            }
            if result == 0 { break }
            switch errno {
            // The queue was full until now, or a signal came: the deadline decides.
            case EAGAIN, EINTR: continue
            case let number: throw Self.failure(number, at: path)
            }
        }
        descriptor.setNonblocking()
        self.descriptor = descriptor
    }

    /// Sends a request and reads the reply.
    func exchange(_ request: [UInt8], by deadline: MonotonicInstant) throws(Failure) -> AgentReply {
        try send(request, by: deadline)
        var reader = ReplyReader()
        while true {
            switch Descriptor.read(descriptor.number, into: &reader.bytes) {
            case .some: if let reply = try reader.reply() { return reply }
            case .end: return try reader.lastReply()
            case .notNow:
                guard Descriptor.waitUntilReadable(descriptor.number, deadline) else { throw Self.lateness }
                continue
            // The other end is closed, with some of the request unread.
            case .failure: throw ReplyReader.truncation
            }
            guard MonotonicInstant.now < deadline else { throw Self.lateness }
        }
    }

    /// Sends all, unless the other end does not want it: it may have replied all the same.
    private func send(_ bytes: [UInt8], by deadline: MonotonicInstant) throws(Failure) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
                return unsafe Glibc.send(descriptor.number, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                start += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                guard Descriptor.wait([(descriptor.number, Int16(POLLOUT))], until: deadline) != nil else {
                    throw Self.lateness
                }
            default: return
            }
        }
    }

    private static var lateness: Failure {
        Failure(.timedOut, "the reply was not whole in time; is the spiderpool-agent of this node overloaded?")
    }

    private static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard (1..<room.count).contains(octets.count), !octets.contains(0) else { return false }
            unsafe room.copyBytes(from: octets)
            return true
        }
        return fits ? address : nil
    }

    private static func limitWaiting(_ descriptor: CInt, _ deadline: MonotonicInstant) throws(Failure) {
        let left = MonotonicInstant.now.duration(to: deadline)
        guard left > .zero else { throw Failure(.timedOut, "no connection in time; \(remedy)") }
        let (seconds, attoseconds) = left.components
        // No time at all would mean for ever.
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000) + 1)
        if limit.tv_usec == 1_000_000 { limit = timeval(tv_sec: limit.tv_sec + 1, tv_usec: 0) }
        guard
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0
        else { throw Failure(.unreachable, "SO_SNDTIMEO: \(Descriptor.text(ofError: errno))") }
    }

    /// What an error of `connect(2)` means.
    private static func failure(_ number: CInt, at path: String) -> Failure {
        switch number {
        case ENOENT, ENOTDIR: return Failure(.unreachable, "there is no such file; \(remedy)")
        case EACCES, EPERM:
            return Failure(
                .unreachable, "the socket may not be used (\(Descriptor.text(ofError: number))); run as root")
        case ECONNREFUSED:
            var status = stat()
            let isSocket = unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
            return Failure(
                .unreachable, isSocket ? "nobody listens there; \(remedy)" : "this is not a socket; \(remedy)")
        default: return Failure(.unreachable, "\(Descriptor.text(ofError: number)); \(remedy)")
        }
    }
}
