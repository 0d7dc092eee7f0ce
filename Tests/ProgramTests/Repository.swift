import Glibc

/// The tree that the tests were built from.
enum Repository {
    static let folder = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    /// A file as text; `nil` when it does not exist.
    static func text(of path: String) -> String? {
        guard let file = fopen("\(folder)/\(path)", "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
