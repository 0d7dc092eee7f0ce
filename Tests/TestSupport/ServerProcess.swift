public import Foundation
internal import Synchronization

/// A server that runs until it is stopped, or until this process ends in whatever way.
///
/// It is the child of a shell that waits for the end of a pipe whose other end only this process has.
public final class ServerProcess: Sendable {
    private static let supervisor = """
        exec 4<&0
        "$@" </dev/null 4<&- & child=$!
        echo $child >&3
        exec 3>&-
        { cat <&4 >/dev/null; kill -KILL $child; } 2>/dev/null &
        wait $child
        """

    /// Where its output goes.
    public let log: String
    private let name: String
    private let shell: Process
    private let lifeline: FileHandle
    private let pid: pid_t

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - program: The executable.
    ///   - arguments: Its arguments.
    ///   - log: A file for its output; one that exists is continued.
    /// - Throws: ``SupportError`` when it cannot be started.
    public init(_ program: String, _ arguments: [String], log: String) throws {
        name = URL(fileURLWithPath: program).lastPathComponent
        self.log = log
        let isThere =
            FileManager.default.fileExists(atPath: log) || FileManager.default.createFile(atPath: log, contents: nil)
        guard isThere, let output = FileHandle(forWritingAtPath: log) else { throw SupportError("cannot write \(log)") }
        output.seekToEndOfFile()
        let (life, said) = (Pipe(), Pipe())
        // Whatever else this process starts must not keep the pipe open.
        for handle in [life.fileHandleForWriting, life.fileHandleForReading, said.fileHandleForReading] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        // Descriptor 3 is the pipe on which the shell says the child's PID; Process passes on 0, 1 and 2 only.
        shell.arguments = ["-c", "exec 3>&1 1>&2; \(Self.supervisor)", name, program] + arguments
        shell.standardInput = life.fileHandleForReading
        shell.standardOutput = said.fileHandleForWriting
        shell.standardError = output
        try shell.run()
        try? life.fileHandleForReading.close()
        try? said.fileHandleForWriting.close()
        self.shell = shell
        lifeline = life.fileHandleForWriting
        let words = String(decoding: said.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = pid_t(words.split(whereSeparator: \.isWhitespace).first ?? "") else {
            throw SupportError("\(name) did not start; its output is in \(log)")
        }
        self.pid = pid
    }

    deinit { try? lifeline.close() }

    /// Whether it runs.
    public var isRunning: Bool { shell.isRunning }

    /// Sends a signal.
    public func signal(_ number: Int32) { kill(pid, number) }

    /// Ends it and waits until it is gone.
    ///
    /// - Parameter number: The signal; SIGKILL unless said.
    public func stop(with number: Int32 = SIGKILL) async {
        signal(number)
        if number != SIGKILL {
            // What stands still does not hear SIGTERM.
            signal(SIGCONT)
            let end = ContinuousClock.now + .seconds(30)
            while kill(pid, 0) == 0, ContinuousClock.now < end {
                try? await Task.sleep(for: .milliseconds(20))  // proof: the shell, and not we, is told of its end
            }
        }
        // Who waits for the pipe has descriptors of Process, which would wait for him.
        try? lifeline.close()
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                self.shell.waitUntilExit()
                continuation.resume()
            }
        }
    }

    /// The end of its output, for errors.
    public var lastWords: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }
}
