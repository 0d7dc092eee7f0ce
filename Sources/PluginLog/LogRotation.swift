internal import Glibc
internal import IPAMCore

/// Begins a new log file when the present one is large, and removes old ones.
struct LogRotation {
    private let settings: LogSettings

    init(_ settings: LogSettings) { self.settings = settings }

    /// Renames the file behind `descriptor` when it has reached its size. Of several processes one does it; the others go
    /// on writing to the file that they have open.
    func rotate(_ descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size >= settings.maximumMegabytes << 20 else { return }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
        var current = stat()
        guard stat(settings.path, &current) == 0, current.st_ino == status.st_ino else { return }
        let old = oldName(at: SystemClock.now)
        // A second file in the same second would replace the first; the next second will do as well.
        guard access(old, F_OK) != 0 else { return }
        rename(settings.path, old)
        prune()
    }

    /// `spiderpool-<time>.log` beside `spiderpool.log`.
    private func oldName(at time: Timestamp) -> String {
        stem + "-" + time.description.filter { $0 != ":" } + suffix
    }

    private var suffix: String { settings.path.hasSuffix(".log") ? ".log" : "" }
    private var stem: String { String(settings.path.dropLast(suffix.count)) }

    /// Whether a text looks like the time in ``oldName(at:)``, so that `spiderpool-agent.log` of somebody else stays.
    private static func isTime(_ text: Substring) -> Bool {
        let pattern = "0000-00-00T000000Z"
        return text.utf8.count == pattern.utf8.count
            && zip(text.utf8, pattern.utf8).allSatisfy { byte, expected in
                expected == UInt8(ascii: "0")
                    ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == expected
            }
    }

    private func prune() {
        guard let slash = settings.path.lastIndex(of: "/") else { return }
        let folder = String(settings.path[..<slash])
        let prefix = stem.dropFirst(folder.count + 1) + "-"
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isOurs =
                name.hasPrefix(prefix) && name.hasSuffix(suffix)
                && Self.isTime(name.dropFirst(prefix.count).dropLast(suffix.count))
            if isOurs { names.append(name) }
        }
        let oldest = settings.maximumDays.map {
            SystemClock.now.adding(.seconds(-86400 * $0)).milliseconds / 1000
        }
        for (index, name) in names.sorted(by: >).enumerated() {
            var status = stat()
            let path = folder + "/" + name
            guard stat(path, &status) == 0 else { continue }
            let isTooMany = settings.maximumFiles.map { index >= $0 } ?? false
            let isTooOld = oldest.map { Int64(status.st_mtim.tv_sec) < $0 } ?? false
            if isTooMany || isTooOld { unlink(path) }
        }
    }
}
