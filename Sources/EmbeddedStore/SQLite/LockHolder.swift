internal import Glibc

/// The process that keeps others from writing a state file, as far as the kernel tells.
struct LockHolder {
    let process: pid_t
    /// The kernel's name of the program, 15 bytes at most.
    let program: String

    /// The byte of the `-shm` file that whoever writes has locked: `WAL_WRITE_LOCK` of SQLite.
    private static let writeLockByte: Int64 = 120

    /// Looks for the holder in `/proc/locks`; `nil` when there is none any more, or it is of another process namespace.
    ///
    /// Asking the kernel about one file (`F_GETLK`) would need a descriptor, whose closing drops all locks that this
    /// process has on the file.
    init?(ofStateFile path: String) {
        let holders = ["\(path)-shm", path].flatMap { Self.writers(of: $0) }
        guard let holder = holders.first(where: { $0.bytes.contains(Self.writeLockByte) }) ?? holders.first else {
            return nil
        }
        process = holder.process
        program = Self.content(of: "/proc/\(process)/comm").map { String($0.prefix { $0 != "\n" }) } ?? ""
    }

    /// The processes with an exclusive lock on a part of a file, as in
    /// `7: POSIX  ADVISORY  WRITE 1234 fe:01:2359307 120 120`.
    private static func writers(of path: String) -> [(process: pid_t, bytes: ClosedRange<Int64>)] {
        var status = stat()
        guard stat(path, &status) == 0, let table = content(of: "/proc/locks") else { return [] }
        return table.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 8, words[3] == "WRITE", let process = pid_t(words[4]), process > 0,
                process != getpid(), words[5].split(separator: ":").last.flatMap({ ino_t($0) }) == status.st_ino,
                let first = Int64(words[6]), let last = words[7] == "EOF" ? Int64.max : Int64(words[7]), first <= last
            else { return nil }
            return (process, first...last)
        }
    }

    private static func content(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { content += chunk[..<count] }
        return String(decoding: content, as: UTF8.self)
    }
}

extension LockHolder: CustomStringConvertible {
    /// `process 1234 (ipam)`.
    var description: String { "process \(process)\(program.isEmpty ? "" : " (\(program))")" }
}
