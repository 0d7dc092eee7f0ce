import Glibc
import PoolModel

/// A folder in which `host-local` keeps the addresses of one network.
struct HostLocalFolder {
    private let path: String
    private let network: String

    init(_ path: String) {
        self.path = path
        // `.` and a trailing slash do not say what the folder is called.
        let resolved = realpath(path, nil)
        defer { free(resolved) }
        let real = resolved.map { String(cString: $0) } ?? path
        network = real.split(separator: "/").last.map(String.init) ?? ""
    }

    /// The entries that are records, sorted by name.
    func entries() throws -> [HostLocalEntry] {
        guard let directory = opendir(path) else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != "..", !HostLocalEntry.isBookkeeping(name) { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
        let base = path.hasSuffix("/") ? path : path + "/"
        return names.sorted().map { name in
            HostLocalEntry(network: network, path: base + name, name: name, content: content(of: base + name))
        }
    }

    private func content(of file: String) -> HostLocalEntry.Content {
        // Not blocking: what is no file may have nobody at its other end.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return .unreadable(String(cString: strerror(errno))) }
        if facts.st_mode & S_IFMT == S_IFDIR { return .folder }
        guard facts.st_mode & S_IFMT == S_IFREG else { return .unreadable("not a file") }
        guard facts.st_size <= Self.largest else { return .unreadable("larger than \(Self.largest) bytes") }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: Self.largest)
        while content.count <= Self.largest {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .unreadable(String(cString: strerror(errno))) }
            if count == 0 {
                return String(validating: content, as: UTF8.self).map { .text($0) } ?? .unreadable("not UTF-8 text")
            }
            content.append(contentsOf: chunk[..<count])
        }
        return .unreadable("larger than \(Self.largest) bytes")
    }

    /// No container ID and interface are as long.
    private static let largest = 4096
}
