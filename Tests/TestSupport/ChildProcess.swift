internal import Foundation
internal import Synchronization

/// A child of this process that gets three descriptors and no other, whatever else is open or started meanwhile.
///
/// Foundation's `Process` is not used: its children keep descriptors that another thread opens at that moment, so that a
/// server may hold the pipe of a tool, and whoever waits for the tool's end waits for the server's; and it can crash where
/// a thousand are open.
final class ChildProcess: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let pid: pid_t
    private let state = Mutex(State())

    private init(_ pid: pid_t) { self.pid = pid }

    /// Starts a program on a thread that stays until the program ends, so that `PR_SET_PDEATHSIG` means this process.
    ///
    /// - Parameters:
    ///   - words: The program, looked for in PATH, and its arguments.
    ///   - environment: Variables besides those of this process.
    ///   - input: Its standard input.
    ///   - output: Its standard output.
    ///   - errors: Its standard error.
    /// - Returns: the child.
    /// - Throws: ``SupportError`` when it cannot be started.
    static func start(
        _ words: [String], environment: [String: String] = [:], input: FileHandle, output: FileHandle,
        errors: FileHandle
    ) async throws -> ChildProcess {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (child, error): (ChildProcess?, Int32) = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let handles = [input, output, errors]
                let (pid, error) = spawn(words, variables, handles.map(\.fileDescriptor))
                guard error == 0 else { return continuation.resume(returning: (nil, error)) }
                let child = ChildProcess(pid)
                continuation.resume(returning: (child, 0))
                child.reap()
            }
        }
        guard let child else { throw SupportError("\(words.first ?? "") cannot be started: errno \(error)") }
        return child
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { state.withLock { $0.status == nil } }

    /// Sends a signal, unless it has ended.
    func signal(_ number: Int32) {
        state.withLock { if $0.status == nil { kill(pid, number) } }
    }

    /// Waits for its end.
    ///
    /// - Returns: the exit status; 128 and the number of the signal when one ended it.
    @discardableResult
    func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits on this thread and tells all others.
    private func reap() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        let (status, waiting) = state.withLock { state in
            // Until here the number is this child's; afterwards nobody sends it a signal.
            var word: Int32 = 0
            while waitpid(pid, &word, 0) < 0, errno == EINTR {}
            let status = word & 0x7f == 0 ? word >> 8 & 0xff : 128 + word & 0x7f
            state.status = status
            defer { state.waiting = [] }
            return (status, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ descriptors: [Int32]
    ) -> (pid: pid_t, error: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // Not only those that are open now: another thread may open one before the child starts. Of one that is not open
        // the C library thinks nothing.
        for descriptor in descriptors.count..<8192 { posix_spawn_file_actions_addclose(&actions, Int32(descriptor)) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let error = withCStrings(words) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                posix_spawnp(&pid, words.first ?? "", &actions, &attributes, arguments, variables)
            }
        }
        return (pid, error)
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
