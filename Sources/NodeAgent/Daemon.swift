internal import IPAMCore
internal import JSONTree
public import Logging
internal import NIOPosix
public import ServiceLifecycle
internal import UnixSignals

/// The agent's process: its services in the order in which they start, and end the other way round.
public enum Daemon {
    /// Runs until SIGTERM or SIGINT, and then until what was asked is answered.
    ///
    /// - Parameters:
    ///   - settings: How the agent runs.
    ///   - service: What it does for plugins.
    ///   - services: What else runs as long as the agent; started before plugins are served, ended after.
    ///   - logger: Where it says what it does.
    /// - Throws: what ended one of the services.
    public static func run(
        _ settings: AgentSettings, service: any AgentService, services: [any Service] = [], logger: Logger
    ) async throws {
        for warning in settings.warnings { logger.warning("\(warning)") }
        var serverSettings = APIServer.Settings(socketPath: settings.socketPath)
        serverSettings.healthPort = settings.healthPort
        let server = APIServer(
            serverSettings, service: service, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (services + [server]).map { service in
                    .init(service: service, failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
