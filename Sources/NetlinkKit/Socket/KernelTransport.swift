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

    /// Opens a socket.
    ///
    /// - Parameters:
    ///   - family: The netlink family, `NETLINK_ROUTE` or `NETLINK_GENERIC`.
    ///   - receiveBufferBytes: The room for what was not read yet, in bytes.
    /// - Throws: What `socket(2)` or `bind(2)` says.
    init(family: CInt, receiveBufferBytes: CInt) throws(Errno) {
        let descriptor = socket(AF_NETLINK, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), family)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        // Port 0 lets the kernel choose. libnl would choose by a table of the process, which knows no other library.
        let bound = unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
        guard bound == 0, let handle = unsafe nl_socket_alloc() else {
            let number = bound == 0 ? ENOMEM : errno
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
        _ = unsafe nl_socket_set_buffer_size(handle, receiveBufferBytes, 0)
        // Older kernels lack some of these; what they then leave out is only words, speed and filtering.
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] { _ = set(option, to: 1) }
    }

    deinit { unsafe nl_socket_free(handle) }

    /// Takes part in a group of events (`NETLINK_ADD_MEMBERSHIP`).
    func join(group: CInt) throws(Errno) {
        guard set(NETLINK_ADD_MEMBERSHIP, to: group) else { throw Errno(rawValue: errno) }
    }

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
                    sender.baseAddress?.assumingMemoryBound(to: sockaddr.self), &senderLength)
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

    private func set(_ option: CInt, to value: CInt) -> Bool {
        var value = value
        return unsafe setsockopt(
            descriptor, SOL_NETLINK, option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    }
}
