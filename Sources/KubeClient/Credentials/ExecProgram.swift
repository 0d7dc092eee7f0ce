internal import Glibc
internal import IPAMCore

/// Runs a credential program to its end.
enum ExecProgram {
    /// Why there is no output.
    enum Failure: Error {
        case notStarted(Int32)
        case ended(status: Int32)
        case deadline
        case outputTooLarge
    }

    /// Runs a program, without standard input, and returns what it printed; blocks the thread.
    ///
    /// - Parameters:
    ///   - command: A path, or a name that is looked for in `PATH`.
    ///   - arguments: Its arguments without its name.
    ///   - environment: All of its variables.
    ///   - deadline: When it is killed, with all that it started in its process group.
    /// - Returns: its standard output.
    /// - Throws: ``Failure``.
    static func run(
        _ command: String, _ arguments: [String], environment: [String: String], until deadline: MonotonicInstant
    ) throws(Failure) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .notStarted(errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process: pid_t
        do throws(Failure) {
            process = try spawn(command, arguments, environment, output: ends[1])
            close(ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        do throws(Failure) {
            let output = try read(ends[0], until: deadline)
            let status = try wait(for: process, until: deadline)
            guard status == 0 else { throw Failure.ended(status: status) }
            return output
        } catch {
            if case .ended = error { throw error }
            kill(-process, SIGKILL)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            throw error
        }
    }

    private static func spawn(
        _ command: String, _ arguments: [String], _ environment: [String: String], output: Int32
    ) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var process: pid_t = 0
        let error = withCStrings([command] + arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawnp(&process, command, &actions, &attributes, arguments, environment)
            }
        }
        guard error == 0 else { throw .notStarted(error) }
        return process
    }

    private static func read(_ descriptor: Int32, until deadline: MonotonicInstant) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = MonotonicInstant.now.duration(to: deadline).components
            guard left.seconds >= 0 else { throw .deadline }
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            let ready = poll(&entry, 1, Int32(clamping: milliseconds + 1))
            if ready == 0 { throw .deadline }
            if ready < 0 { continue }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return output }
            if count < 0 {
                if errno == EINTR { continue }
                return output
            }
            guard output.count + count <= 1 << 20 else { throw .outputTooLarge }
            output.append(contentsOf: chunk[0..<count])
        }
    }

    /// The exit status; 128 and the number of the signal when one ended it.
    private static func wait(for process: pid_t, until deadline: MonotonicInstant) throws(Failure) -> Int32 {
        var status: Int32 = 0
        while true {
            let result = waitpid(process, &status, WNOHANG)
            if result == process { return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f }
            guard result == 0 || errno == EINTR, MonotonicInstant.now < deadline else { throw .deadline }
            // proof: a program that closed its output is about to end, and there is no call that waits for it with a limit.
            usleep(2000)
        }
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        copies.append(nil)
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
