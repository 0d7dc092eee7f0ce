internal import CLinux
internal import CNetlink
internal import Glibc
internal import IPAMCore
internal import SystemPackage

/// A netlink socket of the kernel, held through libnl.
///
/// It belongs for its whole life to the network namespace in which the thread was that opened it.
// Optimised code of other modules that ends a socket names this type, so it must be visible to the linker.
// It alone owns its handle and frees it once, at the end. Whatever is done until then is a system call on the descriptor,
// which never changes, and libnl keeps nothing about a handle with a thread.
// proof: the kernel lets several threads use one descriptor at once.
@safe package struct KernelTransport: ~Copyable, NetlinkTransport, @unchecked Sendable {
    /// libnl's handle; closed with this value.
    private let handle: OpaquePointer

    /// The descriptor, which the handle owns.
    let descriptor: CInt

    /// Whether it takes part in groups, to which not only the kernel may send.
    private let isMember: Bool

    /// Opens a socket.
    ///
    /// - Parameters:
    ///   - family: The netlink family, `NETLINK_ROUTE` or `NETLINK_GENERIC`.
    ///   - receiveBufferBytes: The room for what was not read yet, in bytes.
    ///   - groups: The groups of events to take part in (`NETLINK_ADD_MEMBERSHIP`).
    /// - Throws: What `socket(2)`, `bind(2)`, `connect(2)` or `setsockopt(2)` says.
    init(family: CInt, receiveBufferBytes: CInt, groups: [CInt] = []) throws(Errno) {
        let descriptor = socket(AF_NETLINK, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), family)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        // Port 0 lets the kernel choose. libnl would choose by a table of the process, which knows no other library. As the
        // other end it is the kernel itself, which then lets no other process send to this port.
        let isConnected = unsafe withUnsafeBytes(of: &address) { bytes in
            let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return unsafe bind(descriptor, address, length) == 0 && connect(descriptor, address, length) == 0
        }
        let isReady = isConnected && groups.allSatisfy { Self.set(descriptor, NETLINK_ADD_MEMBERSHIP, to: $0) }
        guard isReady, let handle = unsafe nl_socket_alloc() else {
            let number = isReady ? ENOMEM : errno
            close(descriptor)
            throw Errno(rawValue: number)
        }
        guard unsafe nl_socket_set_fd(handle, family, descriptor) == 0 else {
            unsafe nl_socket_free(handle)
            close(descriptor)
            throw .badFileDescriptor
        }
        unsafe self.handle = unsafe handle
        self.descriptor = descriptor
        isMember = !groups.isEmpty
        _ = unsafe nl_socket_set_buffer_size(handle, receiveBufferBytes, 0)
        // Older kernels lack some of these; what they then leave out is only words, speed and filtering.
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] {
            _ = Self.set(descriptor, option, to: 1)
        }
    }

    deinit { unsafe nl_socket_free(handle) }

    func send(_ bytes: [UInt8]) throws(Errno) {
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == bytes.count else { throw count < 0 ? Errno(rawValue: errno) : .messageTooLong }
    }

    func receive(into buffer: inout [UInt8]) throws(Errno) -> Int {
        var sender = sockaddr_nl()
        var senderLength = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let count = unsafe withUnsafeMutableBytes(of: &sender) { sender in
            unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recvfrom(
                    descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_TRUNC),
                    // Where it can only be the kernel, not asking for the sender saves time.
                    isMember ? sender.baseAddress?.assumingMemoryBound(to: sockaddr.self) : nil, &senderLength)
            }
        }
        guard count >= 0 else { throw Errno(rawValue: errno) }
        // Only the kernel has port 0; what another process sends is nothing.
        return sender.nl_pid == 0 ? count : 0
    }

    func wait(until deadline: MonotonicInstant) throws(Errno) -> Bool {
        let left = MonotonicInstant.now.duration(to: deadline)
        guard left > .zero else { return false }
        let (seconds, attoseconds) = left.components
        let milliseconds = seconds >= 3600 ? 3_600_000 : CInt(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = unsafe poll(&entry, 1, milliseconds)
        guard count >= 0 else { throw Errno(rawValue: errno) }
        return count > 0
    }

    private static func set(_ descriptor: CInt, _ option: CInt, to value: CInt) -> Bool {
        var value = value
        return unsafe setsockopt(
            descriptor, SOL_NETLINK, option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    }
}
