internal import Glibc
public import SystemPackage

/// Names as `ip netns` gives them (ip-netns(8)): files in `/run/netns` that namespaces are pinned to.
extension NetworkNamespace {
    /// Where names live.
    public static let nameFolder: FilePath = "/run/netns"

    /// Opens the namespace of a name, as `ip netns exec NAME` does.
    ///
    /// - Parameter name: The name.
    /// - Throws: As ``init(path:)``; ``NetlinkError/Code/invalid`` for what cannot be a name.
    public init(named name: String) throws(NetlinkError) {
        try self.init(path: Self.path(ofName: name))
    }

    /// Makes a namespace with a name, `ip netns add NAME`.
    ///
    /// - Parameter name: The name, a file name.
    /// - Returns: The namespace; it lives until it is removed and nobody uses it any more.
    /// - Throws: ``NetlinkError/Code/exists`` when there is such a name; ``NetlinkError/Code/invalid`` for what cannot be a
    ///   name; ``NetlinkError/Code/notPermitted`` without `CAP_SYS_ADMIN`.
    public static func create(named name: String) throws(NetlinkError) -> Self {
        let path = try path(ofName: name)
        try prepareNameFolder()
        let namespace = try create()
        try namespace.pin(at: path)
        return namespace
    }

    /// Takes a name away from its namespace, `ip netns delete NAME`.
    ///
    /// - Parameter name: The name.
    /// - Returns: Whether there was such a name.
    /// - Throws: As ``unpin(_:)``.
    @discardableResult
    public static func remove(named name: String) throws(NetlinkError) -> Bool {
        try unpin(path(ofName: name))
    }

    /// The names that there are, `ip netns list`.
    ///
    /// - Returns: The names in order; what a name leads to may be gone.
    public static func names() throws(NetlinkError) -> [String] {
        let operation = "list network namespaces in \(nameFolder)"
        guard let folder = unsafe nameFolder.withPlatformString({ unsafe opendir($0) }) else {
            let number = Errno(rawValue: errno)
            guard number == .noSuchFileOrDirectory else { throw NetlinkError(errno: number, operation: operation) }
            return []
        }
        defer { unsafe _ = closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
                unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw NetlinkError(errno: Errno(rawValue: errno), operation: operation) }
        return names.sorted()
    }

    private static func path(ofName name: String) throws(NetlinkError) -> FilePath {
        guard name.isFileName else {
            throw NetlinkError(
                .invalid, operation: "name network namespace “\(name)”",
                detail: "a name is a file name of 1 to 255 octets without a slash")
        }
        return nameFolder.appending(name)
    }

    /// Makes the folder, and lets the names appear in mount namespaces that were made before them: a name that is removed
    /// would live on in those otherwise.
    private static func prepareNameFolder() throws(NetlinkError) {
        let operation = "prepare \(nameFolder)"
        do throws(Errno) {
            try systemCall { unsafe nameFolder.withPlatformString { unsafe mkdir($0, 0o755) } }
        } catch .fileExists {
            // As it should be.
        } catch {
            throw NetlinkError(errno: error, operation: operation)
        }
        let folder = try systemCall(operation) {
            unsafe nameFolder.withPlatformString { unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        defer { _ = close(folder) }
        // Two at once would mount the folder on itself twice. `ip netns` takes the same lock, and goes on without one too.
        _ = try? systemCall { flock(folder, LOCK_EX) }
        try MountPoint.share(nameFolder, operation: operation)
    }
}
