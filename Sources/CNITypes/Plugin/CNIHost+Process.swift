internal import Glibc
internal import IPAMCore

extension CNIHost {
    /// The real surroundings: environment, standard streams and namespaces of this process.
    public static var process: CNIHost { process(environment: processEnvironment()) }

    /// The real surroundings but for the environment.
    static func process(environment: [String: String]) -> CNIHost {
        CNIHost(
            environment: environment,
            readInput: { command throws(CNIError) in try readStandardInput(for: command) },
            writeOutput: { Descriptor.writeAll($0, to: STDOUT_FILENO) },
            writeDiagnostics: { _ = Descriptor.writeAll(Array("\($0)\n".utf8), to: STDERR_FILENO) },
            namespaceKind: { NamespaceKind(ofPath: $0) })
    }

    /// The environment variables; of equal names the first counts, as for `getenv(3)`.
    private static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                let name = String(text[..<equals])
                if variables[name] == nil { variables[name] = String(text[text.utf8.index(after: equals)...]) }
            }
            unsafe next += 1
        }
        return variables
    }

    /// Reads standard input to its end or to the limit, whichever comes first.
    private static func readStandardInput(for command: CNICommand) throws(CNIError) -> [UInt8] {
        let input = STDIN_FILENO
        // Whoever asks for the version by hand gives no document and should not have to close the terminal.
        if command == .version, !Descriptor.isPipeOrFile(input) { return [] }
        let deadline = MonotonicInstant.now + command.timeLimit
        var bytes: [UInt8] = []
        while true {
            guard Descriptor.waitUntilReadable(input, deadline) else {
                throw CNIError(
                    .inputOutput, "cannot read standard input", details: "no end within \(command.timeLimit)")
            }
            switch Descriptor.read(input, into: &bytes) {
            case .some: break
            case .end: return bytes
            case .notNow: continue
            case .failure(let error):
                throw CNIError(
                    .inputOutput, "cannot read standard input", details: "read: \(Descriptor.text(ofError: error))")
            }
            guard bytes.count <= CNIInvocation.maximumInputBytes else {
                throw CNIError(
                    .decodingFailed, "network config too large",
                    details: "standard input has more than \(CNIInvocation.maximumInputBytes) bytes")
            }
        }
    }
}
