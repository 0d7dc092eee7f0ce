internal import Glibc

/// A file with settings of a host, of at most 1 MiB.
package enum SettingsFile {
    /// The longest file that is read, in bytes.
    private static let maximumBytes = 1 << 20

    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Returns: Its content; `nil` when it does not exist.
    /// - Throws: ``CNIError`` with code 5 when it cannot be read, or is longer than 1 MiB.
    package static func content(of path: String) throws(CNIError) -> [UInt8]? {
        let file = OwnedDescriptor(unsafe open(path, O_RDONLY | O_CLOEXEC))
        guard file.isOpen else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path, errno)
        }
        var content: [UInt8] = []
        while content.count <= maximumBytes {
            switch Descriptor.read(file.number, into: &content) {
            case .some: continue
            case .end: return content
            case .notNow: throw unreadable(path, EAGAIN)
            case .failure(let number): throw unreadable(path, number)
            }
        }
        throw CNIError(.inputOutput, "cannot read settings", details: "\(path): larger than 1 MiB")
    }

    private static func unreadable(_ path: String, _ number: Int32) -> CNIError {
        let reason = unsafe String(cString: strerror(number))
        return CNIError(.inputOutput, "cannot read settings", details: "\(path): \(reason)")
    }
}
