internal import Foundation

/// A program of a test's own, most often a shell script.
public enum ExecutableFile {
    /// Writes a program.
    ///
    /// The kernel starts no file that anybody has open for writing (ETXTBSY), and a child that another test starts in the
    /// same moment holds a copy of every descriptor of this process. So another process writes the file: it copies it.
    ///
    /// - Parameters:
    ///   - path: Where it will be; a file that is there is replaced.
    ///   - text: Its text.
    ///   - mode: Its permissions.
    /// - Throws: what the file system says.
    public static func write(_ path: String, _ text: String, mode: Int = 0o755) throws {
        let draft = "\(path).draft"
        try text.write(toFile: draft, atomically: false, encoding: .utf8)
        defer { unlink(draft) }
        let words = ["install", "-m", String(mode, radix: 8), draft, path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, words[0], nil, nil, &arguments, environ)
        guard error == 0 else { throw SupportError("cannot start install: errno \(error)") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw SupportError("cannot write \(path): install ended with status \(status)") }
    }
}
