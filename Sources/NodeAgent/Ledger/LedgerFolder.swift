internal import Glibc

/// The files of a ledger; tests let them fail.
protocol LedgerFolder: Sendable {
    /// Makes the folder where it is missing.
    func prepare() throws(LedgerError)
    /// The names of all files.
    func names() throws(LedgerError) -> [String]
    /// The content of a file, at most ``SandboxLedger/largestFile`` bytes.
    func read(_ name: String) throws(LedgerError) -> [UInt8]
    /// Makes a file, or makes it anew.
    func write(_ bytes: [UInt8], to name: String, durably: Bool) throws(LedgerError)
    /// Gives a file another name, in place of what has it.
    func rename(_ name: String, to newName: String) throws(LedgerError)
    /// Removes a file, if it is there.
    func remove(_ name: String) throws(LedgerError)
    /// Has names reach the disk.
    func sync() throws(LedgerError)
}

/// A folder of the host.
struct SystemFolder: LedgerFolder {
    let path: String

    func prepare() throws(LedgerError) {
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            guard mkdir(built, 0o700) == 0 || errno == EEXIST else { throw LedgerError("make \(built)", errno) }
        }
    }

    func names() throws(LedgerError) -> [String] {
        guard let folder = opendir(path) else { throw LedgerError("open \(path)", errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func read(_ name: String) throws(LedgerError) -> [UInt8] {
        let file = try open(name, O_RDONLY)
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= SandboxLedger.largestFile {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                guard errno == EINTR else { throw LedgerError("read \(path)/\(name)", errno) }
                continue
            }
            bytes += buffer[..<count]
        }
        return bytes
    }

    func write(_ bytes: [UInt8], to name: String, durably: Bool) throws(LedgerError) {
        let file = try open(name, O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(file) }
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw LedgerError("write \(path)/\(name)", errno) }
                continue
            }
            start += count
        }
        guard !durably || fdatasync(file) == 0 else { throw LedgerError("sync \(path)/\(name)", errno) }
    }

    func rename(_ name: String, to newName: String) throws(LedgerError) {
        guard Glibc.rename("\(path)/\(name)", "\(path)/\(newName)") == 0 else {
            throw LedgerError("rename \(path)/\(name) to \(newName)", errno)
        }
    }

    func remove(_ name: String) throws(LedgerError) {
        guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
            throw LedgerError("remove \(path)/\(name)", errno)
        }
    }

    func sync() throws(LedgerError) {
        let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw LedgerError("open \(path)", errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw LedgerError("sync \(path)", errno) }
    }

    private func open(_ name: String, _ flags: CInt) throws(LedgerError) -> CInt {
        let file = Glibc.open("\(path)/\(name)", flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw LedgerError("open \(path)/\(name)", errno) }
        return file
    }
}
