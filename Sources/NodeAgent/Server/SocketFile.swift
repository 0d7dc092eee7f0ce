internal import Glibc
internal import NIOCore

/// The plugins' socket: listens for its user alone, and takes the place of one that nobody listens on any more.
///
/// ```text
/// agent.sock.lock   held as long as the value lives: one agent at a time
/// agent.sock.new    made, mode 0600, then renamed, so that the socket is never there with another mode
/// agent.sock        stays when the agent ends: who connects then is refused at once, and tries again
/// ```
struct SocketFile: ~Copyable {
    let path: String
    /// The bound socket, which becomes the server's.
    let descriptor: CInt
    private let lock: CInt

    private init(path: String, descriptor: CInt, lock: CInt) {
        self.path = path
        self.descriptor = descriptor
        self.lock = lock
    }

    /// Makes a socket that nobody sees yet.
    ///
    /// - Throws: ``AgentError`` that says who is in the way.
    static func make(at path: String) throws(AgentError) -> SocketFile {
        guard path.hasPrefix("/"), path.utf8.count <= 100 else {
            throw AgentError(.configuration, "the socket \(path) needs an absolute path of at most 100 bytes")
        }
        try makeFolder(of: path)
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw .system("cannot open \(path).lock", errno) }
        do throws(AgentError) {
            guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                guard errno == EWOULDBLOCK else { throw .system("cannot lock \(path).lock", errno) }
                throw AgentError(.socketInUse, "another agent of this node serves \(path); end it first")
            }
            try checkPlace(path)
            return SocketFile(path: path, descriptor: try bind(at: path + ".new"), lock: lock)
        } catch {
            close(lock)
            throw error
        }
    }

    deinit { close(lock) }

    /// Shows the socket to the plugins; call it once the server listens.
    func publish() throws(AgentError) {
        guard rename(path + ".new", path) == 0 else {
            throw .system("cannot put the socket in place at \(path)", errno)
        }
    }

    private static func makeFolder(of path: String) throws(AgentError) {
        var built = ""
        for part in path.split(separator: "/").dropLast() {
            built += "/" + part
            guard mkdir(built, 0o755) == 0 || errno == EEXIST else { throw .system("cannot make \(built)", errno) }
        }
    }

    /// Nothing but a socket is ever replaced.
    private static func checkPlace(_ path: String) throws(AgentError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .system("cannot look at \(path)", errno) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw AgentError(.socketInUse, "\(path) is no socket; remove it, or set ipamUnixSocketPath to another path")
        }
    }

    private static func bind(at path: String) throws(AgentError) -> CInt {
        unlink(path)
        let descriptor = socket(
            AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw .system("cannot make a socket", errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafeBytes(of: &address) { bytes in
            guard let start = bytes.baseAddress else { return CInt(-1) }
            return Glibc.bind(descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard result == 0, chmod(path, 0o600) == 0 else {
            let number = errno
            close(descriptor)
            throw .system("cannot bind a socket at \(path)", number)
        }
        return descriptor
    }
}
