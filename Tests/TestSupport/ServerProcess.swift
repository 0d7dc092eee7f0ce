internal import Foundation

/// A server that runs until it is stopped, or until this process ends in whatever way.
final class ServerProcess: Sendable {
    private let log: String
    private let child: ChildProcess

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - program: The executable.
    ///   - arguments: Its arguments.
    ///   - log: A file for its output; one that exists is continued.
    /// - Throws: ``SupportError`` when it cannot be started.
    init(_ program: String, _ arguments: [String], log: String) async throws {
        self.log = log
        let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SupportError("cannot write \(log): errno \(errno)") }
        let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // setpriv(1) lets the kernel kill the server with this process (PR_SET_PDEATHSIG).
        child = try await ChildProcess.start(
            ["setpriv", "--pdeathsig", "KILL", program] + arguments, input: .nullDevice, output: output, errors: output)
    }

    deinit { child.signal(SIGKILL) }

    /// Whether it runs.
    var isRunning: Bool { child.isRunning }

    /// Sends a signal.
    func signal(_ number: Int32) { child.signal(number) }

    /// Ends it and waits until it is gone.
    ///
    /// - Parameter number: The signal; SIGKILL unless said.
    func stop(with number: Int32 = SIGKILL) async {
        child.signal(number)
        // What stands still does not hear SIGTERM.
        if number != SIGKILL { child.signal(SIGCONT) }
        await child.wait()
    }

    /// The end of its output, for errors.
    var lastWords: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }
}
