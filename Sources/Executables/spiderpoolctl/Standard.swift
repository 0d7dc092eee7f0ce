import Glibc

/// The standard streams, and files as text.
enum Standard {
    /// Writes a line to standard error, after what was printed before.
    static func error(_ line: String) {
        fflush(nil)
        let bytes = Array("\(line)\n".utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }

    /// The content of a file, or of standard input for `-`; at most 64 MiB.
    static func text(of file: String) throws(Failure) -> String {
        let descriptor = file == "-" ? 0 : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("\(file): \(String(cString: strerror(errno)))") }
        defer { if descriptor != 0 { close(descriptor) } }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while content.count <= 64 << 20 {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 {
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw Failure("\(file): not UTF-8 text")
                }
                return text
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure("\(file): \(String(cString: strerror(errno)))")
            }
            content.append(contentsOf: chunk[..<count])
        }
        throw Failure("\(file): larger than 64 MiB")
    }
}
