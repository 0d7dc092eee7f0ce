import Glibc
import Synchronization

/// A folder of its own that disappears with the value.
final class TemporaryFolder: Sendable {
    let path: String
    private let counter = Atomic(0)

    init() {
        var template = Array("/tmp/program-tests-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "no temporary folder")
    }

    deinit { Self.removeAll(path) }

    /// Removes a folder with what is in it; links are not followed.
    private static func removeAll(_ path: String) {
        if let directory = opendir(path) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                let child = "\(path)/\(name)"
                if unlink(child) != 0 { removeAll(child) }
            }
        }
        rmdir(path)
    }

    var store: String { path("ipam.db") }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// A name that nothing in the folder has.
    func unique() -> String { "stream-\(counter.add(1, ordering: .relaxed).newValue)" }

    func write(_ text: String, to name: String) {
        guard let file = fopen(path(name), "w") else { return }
        fputs(text, file)
        fclose(file)
    }

    func write(bytes: [UInt8], to name: String) {
        guard let file = fopen(path(name), "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func read(_ name: String) -> String { String(decoding: bytes(of: name), as: UTF8.self) }

    /// The content of a file; nothing when there is none.
    func bytes(of name: String) -> [UInt8] {
        guard let file = fopen(path(name), "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    func contains(_ name: String) -> Bool { access(path(name), F_OK) == 0 }
}
