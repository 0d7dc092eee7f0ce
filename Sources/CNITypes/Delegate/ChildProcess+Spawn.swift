internal import Glibc

extension ChildProcess {
    /// Starts a program in a process group of its own, with the default action for `SIGPIPE`.
    ///
    /// - Parameters:
    ///   - executable: Path of the program.
    ///   - variables: Its environment, `NAME=value`.
    ///   - input: Becomes its standard input.
    ///   - output: Becomes its standard output.
    /// - Returns: the process.
    /// - Throws: ``Failure`` with `exec` and the `errno` when it could not be started.
    static func spawn(
        _ executable: String, _ variables: [String], input: Int32, output: Int32
    ) throws(Failure) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        for descriptor in inheritable() { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        unsafe sigaddset(&defaults, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var process: pid_t = 0
        let error = unsafe withCStrings([executable]) { arguments in
            unsafe withCStrings(variables) { environment in
                unsafe posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard error == 0 else { throw .system("exec", error) }
        return process
    }

    /// The descriptors beyond the standard streams that this process was given and a child would inherit.
    private static func inheritable() -> [Int32] {
        guard let directory = unsafe opendir("/proc/self/fd") else { return [] }
        defer { unsafe closedir(directory) }
        var found: [Int32] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let descriptor = Int32(name), descriptor > STDERR_FILENO else { continue }
            let flags = fcntl(descriptor, F_GETFD)
            if flags >= 0, flags & FD_CLOEXEC == 0 { found.append(descriptor) }
        }
        return found
    }

    /// Calls a function with a null-terminated array of C strings; a string ends at its first zero byte.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe copies.append(nil)
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe body(copies)
    }
}
