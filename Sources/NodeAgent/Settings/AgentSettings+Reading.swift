internal import Glibc
public import Logging

extension AgentSettings {
    /// The largest `conf.yml` that is read, in bytes.
    private static let largestFile = 1 << 20

    /// Reads `conf.yml` and the environment.
    ///
    /// - Throws: ``AgentError``; also when the file cannot be read.
    public init(readingFrom path: String, environment: [String: String]) throws(AgentError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system("cannot open the settings \(path) (--config-path)", errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .system("cannot read the settings \(path)", errno)
            }
            bytes += buffer[..<count]
            guard bytes.count <= Self.largestFile else {
                throw AgentError(.configuration, "\(path): more than \(Self.largestFile) bytes are no settings")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AgentError(.configuration, "\(path): this is not UTF-8")
        }
        try self.init(text, path: path, environment: environment)
    }

    /// ``logLevel`` as loggers know it.
    public var loggingLevel: Logger.Level {
        switch logLevel {
        case "debug": .debug
        case "warn": .warning
        case "error": .error
        case "fatal", "panic": .critical
        default: .info
        }
    }
}
