import Glibc
import JSONTree
import Testing

/// What a program did.
struct Outcome {
    let status: Int32
    let output: String
    let diagnostics: String

    /// Standard output as the one JSON document that it has to be.
    var document: JSONValue? { try? JSONValue(parsing: output) }
    /// The text of an error object as runtimes show it.
    var refusal: String {
        let message = document?["msg"]?.stringValue ?? ""
        return "\(document?["code"]?.int64Value ?? 0) \(message); \(document?["details"]?.stringValue ?? "")"
    }

    /// What follows in the lines of the output that begin with a text.
    func lines(after prefix: String) -> [String] {
        output.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}

/// A program that was started.
struct RunningProgram {
    let process: pid_t
    private let folder: TemporaryFolder
    private let name: String

    /// Starts a program; its streams are files, so that neither side can block the other.
    init(_ arguments: [String], environment: [String: String] = [:], input: String = "", in folder: TemporaryFolder)
        throws
    {
        self.folder = folder
        name = folder.unique()
        folder.write(input, to: "\(name).in")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder.path("\(name).in"), O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.path("\(name).out"), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.path("\(name).err"), O_WRONLY | O_CREAT, 0o600)
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        let variables = environment.merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { own, _ in own }
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var started = pid_t()
        let code = posix_spawnp(&started, arguments[0], &actions, nil, &argv, &envp)
        try #require(code == 0, "\(arguments[0]): \(String(cString: strerror(code)))")
        process = started
    }

    /// Waits for the end; the status is the exit code, or 128 and the signal.
    func wait() -> Outcome {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return Outcome(
            status: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f,
            output: folder.read("\(name).out"), diagnostics: folder.read("\(name).err"))
    }
}

/// The programs under test, which the test command has built beside this one.
enum Program {
    static let folder: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }()

    static var ipam: String { "\(folder)/ipam" }
    static var coordinator: String { "\(folder)/coordinator" }
    static var ifacer: String { "\(folder)/ifacer" }
    static var spiderpoolctl: String { "\(folder)/spiderpoolctl" }

    /// Runs a program of the system; a failure fails the test.
    @discardableResult
    static func system(_ arguments: String..., in folder: TemporaryFolder) throws -> String {
        let outcome = try RunningProgram(arguments, in: folder).wait()
        try #require(outcome.status == 0, "\(arguments.joined(separator: " ")): \(outcome.diagnostics)")
        return outcome.output
    }
}
