internal import Glibc
internal import IPAMCore
public import JSONTree

/// Writes one JSON object a line: time, level, message, and who it is about.
///
/// A log that cannot be written never fails a container: the reason goes to standard error, which runtimes keep, and
/// the call goes on.
public struct PluginLog: Sendable {
    /// Where and how.
    public let settings: LogSettings
    private let subject: [(String, String)]

    /// Makes a log; nothing is opened before there is a line.
    ///
    /// - Parameters:
    ///   - settings: Where and how.
    ///   - subject: Who every line is about; `logSubject` of a request. Empty values are left out.
    public init(_ settings: LogSettings, subject: [(String, String)]) {
        self.settings = settings
        self.subject = subject.filter { !$0.1.isEmpty }
    }

    /// Writes a line when the level asks for it.
    public func write(_ level: LogSettings.Level, _ message: String, _ details: (String, JSONValue)...) {
        guard level >= settings.level else { return }
        var members: [(String, JSONValue)] = [
            ("time", .string(SystemClock.now.description)), ("level", .string(level.word)),
            ("msg", .string(message)),
        ]
        members += subject.map { ($0.0, .string($0.1)) }
        members += details
        let line = JSONValue.object(JSONObject(members)).utf8(.compact) + [UInt8(ascii: "\n")]
        if !append(line) {
            let reason = String(cString: strerror(errno))
            let text = "spiderpool: cannot write the log \(settings.path): \(reason)\n"
            _ = text.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
        }
    }

    private func append(_ line: [UInt8]) -> Bool {
        makeFolder()
        // Without O_NONBLOCK a pipe that nobody reads would hold up the container.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let descriptor = open(settings.path, flags, 0o640)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        var output = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        // Standard output belongs to the result, under whatever name.
        let isOutput = fstat(1, &output) == 0 && output.st_dev == status.st_dev && output.st_ino == status.st_ino
        guard isFile, !isOutput else {
            errno = EINVAL
            return false
        }
        LogRotation(settings).rotate(descriptor)
        // One write in append mode: lines of several processes do not mix.
        return line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } == line.count
    }

    private func makeFolder() {
        for slash in settings.path.indices.dropFirst() where settings.path[slash] == "/" {
            mkdir(String(settings.path[..<slash]), 0o755)
        }
    }
}
