internal import Glibc

/// What a path given as a network namespace turns out to be.
public enum NamespaceKind: Sendable, Hashable {
    /// A network namespace that is not the plugin's own.
    case other
    /// The plugin's own network namespace.
    case own
    /// Nothing is there, or it cannot be looked at.
    case missing
    /// Something is there that is not a network namespace.
    case somethingElse

    /// Looks at a path without entering anything.
    ///
    /// Files of namespaces live on a file system of the kernel's own (`nsfs`) that exists once, so a path is one of
    /// them when its device is that of `/proc/self/ns/net`; the same namespace has the same inode (`namespaces(7)`).
    /// That it is a *network* namespace says `NS_GET_NSTYPE` (`ioctl_ns(2)`).
    public init(ofPath path: String) {
        var found = stat()
        var own = stat()
        guard !path.utf8.contains(0), unsafe stat(path, &found) == 0 else {
            self = .missing
            return
        }
        guard unsafe stat("/proc/self/ns/net", &own) == 0, found.st_dev == own.st_dev else {
            self = .somethingElse
            return
        }
        if found.st_ino == own.st_ino {
            self = .own
        } else {
            self = Self.isNetworkNamespace(path) ? .other : .somethingElse
        }
    }

    private static func isNetworkNamespace(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        /// `NS_GET_NSTYPE`, which is `_IO(0xb7, 3)`, answers with the flag of `clone(2)` for the kind.
        let getKind: UInt = 0xb703
        let networkFlag: Int32 = 0x4000_0000
        return ioctl(descriptor, getKind, 0) == networkFlag
    }
}
