internal import Glibc
public import SystemPackage

extension NetworkNamespace {
    /// Gives the namespace a path that keeps it alive and by which it can be opened, as container runtimes do.
    ///
    /// A new empty file is made there and the namespace is mounted on it, in the mount namespace of the calling process.
    ///
    /// - Parameter path: A path where nothing is, in a folder that is there.
    /// - Throws: ``NetlinkError/Code/exists`` when something is there; ``NetlinkError/Code/notPermitted`` without
    ///   `CAP_SYS_ADMIN`. Nothing is left behind then.
    public func pin(at path: FilePath) throws(NetlinkError) {
        let operation = "pin network namespace at \(path)"
        let file = try systemCall(operation) {
            unsafe path.withPlatformString { unsafe open($0, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0) }
        }
        _ = close(file)
        do throws(NetlinkError) {
            try MountPoint.bind(FilePath("/proc/self/fd/\(descriptor.rawValue)"), on: path, operation: operation)
        } catch {
            unsafe path.withPlatformString { unsafe _ = unlink($0) }
            throw error
        }
    }

    /// Takes the path away from the namespace that is pinned there, or the file that was left when it ended.
    ///
    /// The namespace lives on for as long as processes, descriptors and other pins use it. A symbolic link is removed, and
    /// not what it leads to.
    ///
    /// - Parameter path: The path.
    /// - Returns: Whether there was something to remove.
    /// - Throws: ``NetlinkError/Code/notANamespace`` when something else is there, which is left alone.
    @discardableResult
    public static func unpin(_ path: FilePath) throws(NetlinkError) -> Bool {
        let operation = "unpin network namespace at \(path)"
        var status = stat()
        do throws(Errno) {
            try systemCall { unsafe path.withPlatformString { unsafe lstat($0, &status) } }
        } catch .noSuchFileOrDirectory {
            return false
        } catch {
            throw NetlinkError(errno: error, operation: operation)
        }
        if status.st_mode & S_IFMT != S_IFLNK {
            // Where mounts propagate back to their origin there is more than one on the file.
            while try isPinned(at: path) { try MountPoint.detach(path, operation: operation) }
        }
        do throws(Errno) {
            try systemCall { unsafe path.withPlatformString { unsafe unlink($0) } }
        } catch .noSuchFileOrDirectory {
            // Somebody else was faster.
        } catch {
            throw NetlinkError(errno: error, operation: operation)
        }
        return true
    }

    private static func isPinned(at path: FilePath) throws(NetlinkError) -> Bool {
        do throws(NetlinkError) {
            _ = try NetworkNamespace(path: path)
            return true
        } catch {
            guard error.code == .gone else { throw error }
            return false
        }
    }
}
