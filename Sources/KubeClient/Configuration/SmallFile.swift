internal import Glibc

/// Files that are read whole.
enum SmallFile {
    /// Why a file could not be read.
    struct Failure: Error, CustomStringConvertible {
        let errno: Int32
        let isTooLarge: Bool

        var isMissing: Bool { errno == ENOENT || errno == ENOTDIR }
        var description: String { isTooLarge ? "it is too large" : String(cString: strerror(errno)) }
    }

    /// What changes when a file is written anew.
    struct Fingerprint: Hashable {
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// Reads a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(errno: errno, isTooLarge: false) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(errno: errno, isTooLarge: false)
            }
            if count == 0 { return content }
            guard content.count + count <= limit else { throw Failure(errno: 0, isTooLarge: true) }
            content.append(contentsOf: chunk[0..<count])
        }
    }

    /// The fingerprint of what a path leads to; `nil` when it cannot be looked at.
    static func fingerprint(_ path: String) -> Fingerprint? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Fingerprint(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }
}
