internal import Glibc
internal import IPAMCore
internal import Synchronization

/// A program that is run to its end with all of its input given at once and all of its output kept.
///
/// Standard error is shared with this process. Whatever happens, the program is waited for and no descriptor stays
/// open; at the deadline the program is killed, with all that it started in its process group.
struct ChildProcess: ~Copyable {
    /// How the program ended.
    enum Ending: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// Why there is no ending to report.
    enum Failure: Error, Equatable {
        /// A call failed with this `errno`.
        case system(String, Int32)
        case deadline
        case outputTooLarge
    }

    /// The program, its process group having the same number; 0 once it has been waited for.
    private var process: pid_t
    private var input: OwnedDescriptor
    private var output: OwnedDescriptor

    /// Held while descriptors are made and handed over, so that no other program inherits them.
    private static let spawning = Mutex<Void>(())

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - executable: Path of the program, also its first argument.
    ///   - environment: All of its variables.
    ///   - input: All of its standard input; it need not read it.
    ///   - outputLimit: As many bytes of standard output as are taken.
    ///   - deadline: When it is killed.
    /// - Returns: how it ended, and what it wrote.
    /// - Throws: ``Failure`` when it could not be started, did not end in time, or wrote too much.
    static func run(
        _ executable: String, environment: [String: String], input: [UInt8], outputLimit: Int,
        deadline: MonotonicInstant
    ) throws(Failure) -> (ending: Ending, output: [UInt8]) {
        Descriptor.ignoreBrokenPipes()
        var child = try ChildProcess(executable, environment, until: deadline)
        let output = try child.exchange(input, outputLimit, until: deadline)
        return (try child.wait(until: deadline), output)
    }

    private init(
        _ executable: String, _ environment: [String: String], until deadline: MonotonicInstant
    ) throws(Failure) {
        // A program that is just being replaced cannot be started for a moment: ETXTBSY.
        let patience = min(deadline, MonotonicInstant.now + .seconds(1))
        while true {
            do throws(Failure) {
                self = try Self.spawning.withLock { _ throws(Failure) in try ChildProcess(executable, environment) }
                return
            } catch .system("exec", ETXTBSY) where MonotonicInstant.now < patience {
                _ = Descriptor.wait([], until: MonotonicInstant.now + .milliseconds(10))
            } catch {
                throw error
            }
        }
    }

    private init(_ executable: String, _ environment: [String: String]) throws(Failure) {
        let stdin = try Pipe()
        let stdout = try Pipe()
        process = try Self.spawn(
            executable, environment.map { "\($0.key)=\($0.value)" }, input: stdin.reader.number,
            output: stdout.writer.number)
        input = stdin.writer
        output = stdout.reader
        input.setNonblocking()
        output.setNonblocking()
    }

    deinit {
        guard process > 0 else { return }
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// Gives the input and takes the output, whichever is possible, until both have ended.
    private mutating func exchange(
        _ bytes: [UInt8], _ limit: Int, until deadline: MonotonicInstant
    ) throws(Failure) -> [UInt8] {
        var received: [UInt8] = []
        var sent = 0
        if bytes.isEmpty { input.close() }
        while input.isOpen || output.isOpen {
            let interests = [(input.number, Int16(POLLOUT)), (output.number, Int16(POLLIN))]
            guard let events = Descriptor.wait(interests, until: deadline) else { throw .deadline }
            if events[0] != 0 {
                sent += Descriptor.write(bytes, from: sent, to: input.number) ?? bytes.count - sent
                if sent == bytes.count { input.close() }
            }
            if events[1] != 0 {
                switch Descriptor.read(output.number, into: &received) {
                case .some, .notNow: break
                case .end: output.close()
                case .failure(let error): throw .system("read", error)
                }
                guard received.count <= limit else { throw .outputTooLarge }
            }
        }
        return received
    }

    /// Waits for the end; a program that has closed its streams is usually gone at once.
    private mutating func wait(until deadline: MonotonicInstant) throws(Failure) -> Ending {
        var status: Int32 = 0
        var pause = Duration.microseconds(200)
        while true {
            let found = unsafe waitpid(process, &status, WNOHANG)
            if found == process { break }
            if found < 0, errno != EINTR {
                process = 0
                throw .system("waitpid", errno)
            }
            guard MonotonicInstant.now < deadline else { throw .deadline }
            _ = Descriptor.wait([], until: min(deadline, MonotonicInstant.now + pause))
            pause = min(pause * 2, .milliseconds(20))
        }
        process = 0
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    }
}
