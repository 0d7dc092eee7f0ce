internal import CLinux
internal import Glibc
public import SystemPackage

/// A network namespace that is held open (network_namespaces(7)).
///
/// A value owns a descriptor, which keeps the namespace alive also when nothing else does, and closes it at the end of its own
/// life. The namespace of the calling thread is never changed: see ``perform(_:)`` for working in another one.
///
/// ```swift
/// let pod = try NetworkNamespace(path: "/run/netns/pod")
/// let names = try pod.perform { () throws(NetlinkError) in try linkNames() }
/// ```
public struct NetworkNamespace: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    private init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit {
        // Nothing was written through it, so there is nothing that closing could still lose.
        try? descriptor.close()
    }

    /// Opens the namespace that a path leads to, for example `CNI_NETNS`.
    ///
    /// - Parameter path: A file that a namespace is mounted on, or one like `/proc/1/ns/net`.
    /// - Throws: ``NetlinkError/Code/gone`` when nothing is there, or the empty file that stays when a namespace is
    ///   unmounted; ``NetlinkError/Code/notANamespace`` when something else is there.
    public init(path: FilePath) throws(NetlinkError) {
        self = try Self.open(path, operation: "open network namespace \(path)")
    }

    /// Opens the namespace of a process.
    ///
    /// - Parameter process: The number of the process.
    /// - Throws: ``NetlinkError/Code/gone`` when the process has ended.
    public init(process: Int32) throws(NetlinkError) {
        self = try Self.open(
            FilePath("/proc/\(process)/ns/net"), operation: "open network namespace of process \(process)")
    }

    /// Opens the namespace of the calling thread.
    ///
    /// - Returns: The namespace, also when other threads of the process are in others.
    public static func current() throws(NetlinkError) -> Self {
        try open("/proc/thread-self/ns/net", operation: "open network namespace of this thread")
    }

    /// Makes a namespace that has no name and ends with the last descriptor, process and pin of it, as `unshare --net` does.
    ///
    /// - Returns: A namespace with a loopback link that is down.
    /// - Throws: ``NetlinkError/Code/notPermitted`` without `CAP_SYS_ADMIN`.
    public static func create() throws(NetlinkError) -> Self {
        try PosixThread.run("create network namespace") { () throws(NetlinkError) in
            try systemCall("create network namespace") { clinux_unshare_network_namespace() }
            return try current()
        }
    }

    /// Lends the descriptor, for `IFLA_NET_NS_FD` and the like; it must not be closed, nor kept.
    ///
    /// - Parameter body: What is done with it.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw.
    public borrowing func withDescriptor<Value: ~Copyable, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(descriptor)
    }

    private static func open(_ path: FilePath, operation: String) throws(NetlinkError) -> Self {
        let number: CInt
        do throws(Errno) {
            // Nonblocking, without a terminal: nothing happens to a pipe or a device that happens to be there.
            number = try systemCall {
                unsafe path.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
            }
        } catch {
            throw switch error {
            case .noSuchFileOrDirectory, .noSuchProcess:
                NetlinkError(.gone, operation: operation, errno: error)
            case .notDirectory, .tooManySymbolicLinkLevels, .noSuchAddressOrDevice, .operationNotSupportedByDevice:
                NetlinkError(.notANamespace, operation: operation, errno: error)
            default:
                NetlinkError(errno: error, operation: operation)
            }
        }
        // From here on the descriptor is closed on every way out.
        let namespace = Self(owning: FileDescriptor(rawValue: number))
        guard try systemCall(operation, { clinux_is_network_namespace(number) }) == 0 else { return namespace }
        guard namespace.isEmptyFile else { throw NetlinkError(.notANamespace, operation: operation) }
        throw NetlinkError(.gone, operation: operation, detail: "the file is there, but no namespace is mounted on it")
    }

    /// Whether the descriptor is of a regular file with nothing in it. The size does not tell: in `/proc` it is always 0.
    private var isEmptyFile: Bool {
        var status = stat()
        var octet: UInt8 = 0
        return unsafe fstat(descriptor.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && read(descriptor.rawValue, &octet, 1) == 0
    }
}
