internal import Glibc
internal import IPAMCore
internal import JSONTree

/// The entry of a plugin's process.
public enum CNIPluginMain {
    /// Serves the one invocation that this process was started for.
    ///
    /// Prepares the process (umask 022, `SIGPIPE` ignored, `SIGCHLD` as usual whatever was inherited), then does what
    /// ``run(_:in:)`` says.
    ///
    /// - Returns: the exit code.
    public static func run(_ plugin: some CNIPlugin) -> Int32 {
        Descriptor.ignoreBrokenPipes()
        signal(SIGCHLD, SIG_DFL)
        umask(0o022)
        // VERSION needs no other variable, and reading them all would be a fifth of its time.
        if let command = unsafe getenv("CNI_COMMAND"), unsafe strcmp(command, CNICommand.version.rawValue) == 0 {
            return reportVersion(plugin, in: .process(environment: [:]))
        }
        return run(plugin, in: .process)
    }

    /// Serves one invocation in the given surroundings.
    ///
    /// At most one document is written: the result of `ADD` or `VERSION`, or the error object. Without `CNI_COMMAND`
    /// there is only a line about the plugin on standard error.
    ///
    /// - Returns: the exit code, 0 or 1.
    public static func run(_ plugin: some CNIPlugin, in host: CNIHost) -> Int32 {
        let supported = plugin.supportedVersions
        var version = supported.max() ?? .latest
        do throws(CNIError) {
            guard let parameters = try CNIParameters(host.environment) else {
                let list = supported.map(\.rawValue).joined(separator: ", ")
                host.writeDiagnostics("\(plugin.about); CNI protocol versions: \(list)")
                return 0
            }
            guard parameters.command != .version else { return reportVersion(plugin, in: host) }
            let answer = try answer(plugin, parameters, host, &version)
            guard let answer else { return 0 }
            return host.writeOutput(answer.utf8() + [UInt8(ascii: "\n")]) ? 0 : 1
        } catch {
            _ = host.writeOutput(error.json(version: version).utf8() + [UInt8(ascii: "\n")])
            return 1
        }
    }

    /// Answers `VERSION`. The question is optional, so whatever is wrong with it, there is an answer.
    private static func reportVersion(_ plugin: some CNIPlugin, in host: CNIHost) -> Int32 {
        let document = (try? host.readInput(.version)).flatMap { try? CNIInvocation.document(in: $0) }
        let report = CNIVersion.report(
            answering: document?["cniVersion"]?.stringValue, supported: plugin.supportedVersions)
        return host.writeOutput(report.utf8() + [UInt8(ascii: "\n")]) ? 0 : 1
    }

    /// Reads the rest and calls the plugin; `version` becomes that of the configuration once it is known.
    private static func answer(
        _ plugin: some CNIPlugin, _ parameters: CNIParameters, _ host: CNIHost, _ version: inout CNIVersion
    ) throws(CNIError) -> JSONValue? {
        let supported = plugin.supportedVersions
        let deadline = MonotonicInstant.now + parameters.command.timeLimit
        let input = try host.readInput(parameters.command)
        let document = try CNIInvocation.document(in: input)
        if let text = document["cniVersion"]?.stringValue, let known = CNIVersion(rawValue: text) { version = known }
        let invocation = try CNIInvocation(
            parameters, document: document, input: input, supported: supported, deadline: deadline,
            namespaceKind: host.namespaceKind)
        switch invocation {
        case .add(let request): return try plugin.add(request).json(version: version)
        case .delete(let request): try plugin.delete(request)
        case .check(let request): try plugin.check(request)
        case .collectGarbage(let request): try plugin.collectGarbage(request)
        case .status(let request): try plugin.status(request)
        case .version(let question): return CNIVersion.report(answering: question, supported: supported)
        }
        return nil
    }
}
