public import IPAMCore
internal import JSONTree

/// Another plugin that a plugin calls for a part of its work, above all the one that gives addresses.
///
/// The delegate is run with the same environment and the same standard input; its standard error goes where that of
/// this process goes. It has a process group of its own, all of which is killed at the deadline. Running one makes this
/// process ignore `SIGPIPE`.
///
/// ```swift
/// if let ipam = try CNIDelegate.ipam(for: request.call) {
///     let addresses = try ipam.add()
///     do throws(CNIError) {
///         try configure(addresses)
///     } catch {
///         try? ipam.run(.delete, deadline: .now + CNICommand.delete.timeLimit)
///         throw error
///     }
/// }
/// ```
public struct CNIDelegate: Sendable {
    /// Its name.
    public let type: PluginType

    /// Path of its executable.
    public let executable: String

    private let call: CNICall

    /// As many bytes of a delegate's output as are taken.
    static let outputLimit = 4 << 20

    /// Finds a plugin in the directories of `CNI_PATH`, in order: the first regular, executable file of that name.
    ///
    /// - Throws: ``CNIError`` with code 4 without `CNI_PATH`, 999 when there is no such file.
    public init(_ type: PluginType, for call: CNICall) throws(CNIError) {
        guard let path = call.environment["CNI_PATH"], !path.isEmpty else {
            throw CNIError(
                .invalidEnvironment, "required env variables [CNI_PATH] missing",
                details: "it has to name the directories of plugins, since \(type) has to be found")
        }
        guard let executable = PluginSearch.find(type, in: path) else {
            throw CNIError(
                .internalError, "failed to find plugin \"\(type)\"",
                details: "no executable file of that name in CNI_PATH=\(path.quoted)")
        }
        self.type = type
        self.executable = executable
        self.call = call
    }

    /// The plugin that `ipam.type` names; `nil` when the configuration names none.
    ///
    /// - Throws: ``CNIError`` with code 7 when it is no name of a plugin, and as ``init(_:for:)`` does.
    public static func ipam(for call: CNICall) throws(CNIError) -> CNIDelegate? {
        let type: PluginType?
        do throws(JSONFieldError) {
            guard let ipam = call.configuration.ipam, try ipam.text(at: "type") != nil else { return nil }
            type = try ipam.parsed(at: "type", expected: "a plugin's name (it \(NameRule.words))") { PluginType($0) }
        } catch {
            throw CNIError(error)
        }
        guard let type else { return nil }
        return try CNIDelegate(type, for: call)
    }

    /// Runs `ADD` and returns the result, whatever the version the delegate wrote it in.
    ///
    /// - Parameter deadline: When the delegate is killed; that of the call unless said.
    /// - Returns: the delegate's result.
    /// - Throws: ``CNIError`` as ``run(_:deadline:)`` does, and with code 6 for an answer that is no result.
    public func add(deadline: MonotonicInstant? = nil) throws(CNIError) -> CNIResult {
        let output = try execute(.add, deadline ?? call.deadline)
        let document: JSONValue
        do throws(JSONParseError) {
            document = try JSONValue(parsing: output.span)
        } catch {
            throw undecodable("standard output: \(error)")
        }
        do throws(CNIError) {
            return try CNIResult(document, version: call.configuration.version)
        } catch {
            throw undecodable(error.details)
        }
    }

    /// Runs a command that has no result.
    ///
    /// - Parameters:
    ///   - command: The command; it replaces that of the call.
    ///   - deadline: When the delegate is killed; that of the call unless said.
    /// - Throws: the delegate's own ``CNIError``; one with code 6 when it failed without one; 11 at the deadline; 999
    ///   when it could not be started or was killed.
    public func run(_ command: CNICommand, deadline: MonotonicInstant? = nil) throws(CNIError) {
        _ = try execute(command, deadline ?? call.deadline)
    }

    private func execute(_ command: CNICommand, _ deadline: MonotonicInstant) throws(CNIError) -> [UInt8] {
        var environment = call.environment
        environment["CNI_COMMAND"] = command.rawValue
        let ending: ChildProcess.Ending
        let output: [UInt8]
        do throws(ChildProcess.Failure) {
            (ending, output) = try ChildProcess.run(
                executable, environment: environment, input: call.input, outputLimit: Self.outputLimit,
                deadline: deadline)
        } catch {
            throw failure(error, command)
        }
        switch ending {
        case .exited(0): return output
        case .exited(let code) where !output.isEmpty: throw refusal(output, code)
        case .exited(let code):
            throw CNIError(
                .internalError, "plugin \"\(type)\" failed with no error message",
                details: "\(executable): exit code \(code), see its standard error")
        case .killed(let signal):
            throw CNIError(.internalError, "plugin \"\(type)\" died", details: "\(executable): signal \(signal)")
        }
    }

    /// The delegate's own error object, or the complaint that it printed none.
    private func refusal(_ output: [UInt8], _ exitCode: Int32) -> CNIError {
        if let document = try? JSONValue(parsing: output.span), let error = CNIError(document) { return error }
        let text = String(decoding: output, as: UTF8.self).quoted
        return undecodable("exit code \(exitCode), standard output is no error object: \(text)")
    }

    private func undecodable(_ details: String) -> CNIError {
        CNIError(
            .decodingFailed, "cannot decode the answer of plugin \"\(type)\"", details: "\(executable): \(details)")
    }

    private func failure(_ failure: ChildProcess.Failure, _ command: CNICommand) -> CNIError {
        switch failure {
        case .deadline:
            CNIError(
                .tryAgainLater, "plugin \"\(type)\" did not answer in time",
                details: "\(executable): killed during \(command.rawValue)")
        case .outputTooLarge:
            undecodable("standard output has more than \(Self.outputLimit) bytes")
        case .system(let operation, let error):
            CNIError(
                .internalError, "cannot run plugin \"\(type)\"",
                details: "\(executable): \(operation): \(Descriptor.text(ofError: error))")
        }
    }
}
