import ArgumentParser
import Foundation
import KubeClient
import Logging
import NodeAgent

struct DaemonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon", abstract: "Serve the plugins of this node until SIGTERM.")

    @Option(help: "The settings, conf.yml of the ConfigMap.")
    var configPath = AgentSettings.defaultConfigPath

    func run() async throws {
        let settings: AgentSettings
        do throws(AgentError) {
            settings = try AgentSettings(readingFrom: configPath, environment: ProcessInfo.processInfo.environment)
        } catch {
            FileHandle.standardError.write(Data("spiderpool-agent: \(error)\n".utf8))
            throw ExitCode(78)
        }
        var logger = Logger(label: "spiderpool-agent") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = settings.loggingLevel
        logger[metadataKey: "node"] = .string(settings.nodeName)
        do {
            let bootID = try Self.bootID()
            let ledger = try SandboxLedger(at: settings.stateFolder, bootID: bootID)
            let kube = try KubeClient(.load(), logger: logger)
            let agent = ClusterAgent(kube, settings, ledger, bootID: bootID, logger)
            try await Daemon.run(settings, service: agent, services: [agent], logger: logger)
            await kube.shutdown()
        } catch {
            logger.critical("\(error)")
            throw ExitCode.failure
        }
    }

    /// What the kernel calls this start of the host.
    private static func bootID() throws -> String {
        let text = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
