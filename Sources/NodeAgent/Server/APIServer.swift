internal import Glibc
internal import IPAMCore
public import Logging
internal import NIOCore
internal import NIOHTTP1
public import NIOPosix
public import ServiceLifecycle

/// Serves the plugins of this node on a unix socket, and kubelet's probes on a port.
///
/// On shutdown it accepts nobody any more, answers the requests that it has, and ends, after ``Settings/drainLimit`` at the
/// latest.
public struct APIServer: Service {
    /// How a server is set up.
    public struct Settings: Sendable {
        /// The plugins' socket.
        public var socketPath: String
        /// The port for probes on all interfaces; `nil` for none, 0 for any.
        public var healthPort: Int?
        /// How many requests may be served at once.
        public var requestLimit = 4096
        /// How long requests are waited for on shutdown.
        public var drainLimit = Duration.seconds(5)
        /// How long a connection may bring nothing.
        public var idleLimit = Duration.seconds(60)

        /// Makes settings; what they do not mention is set afterwards.
        public init(socketPath: String, healthPort: Int? = nil) {
            self.socketPath = socketPath
            self.healthPort = healthPort
        }
    }

    private let settings: Settings
    private let service: any AgentService
    private let group: MultiThreadedEventLoopGroup
    private let logger: Logger
    private let ready: @Sendable (_ healthPort: Int?) -> Void

    /// Prepares a server.
    ///
    /// - Parameters:
    ///   - settings: How it is set up.
    ///   - service: What it makes available.
    ///   - group: The threads that it runs on.
    ///   - logger: What happens to the server itself.
    ///   - ready: Called when requests are served, with the port for probes.
    public init(
        _ settings: Settings, service: any AgentService, group: MultiThreadedEventLoopGroup, logger: Logger,
        ready: @escaping @Sendable (_ healthPort: Int?) -> Void = { _ in }
    ) {
        self.settings = settings
        self.service = service
        self.group = group
        self.logger = logger
        self.ready = ready
    }

    /// Serves until the task is cancelled or asked to shut down.
    ///
    /// - Throws: ``AgentError`` when the socket or the port cannot be had.
    public func run() async throws {
        let file = try SocketFile.make(at: settings.socketPath)
        let load = ServerLoad(limit: settings.requestLimit)
        var listeners: [any Channel] = []
        do {
            listeners.append(try await listen(file.descriptor, load))
            if let port = settings.healthPort { listeners.append(try await listen(port: port, load)) }
            try file.publish()
        } catch {
            for listener in listeners { try? await listener.close() }
            throw error
        }
        logger.info("serving", metadata: ["socket": .string(settings.socketPath)])
        ready(listeners.dropFirst().first?.localAddress?.port)
        try? await gracefulShutdown()
        await end(listeners, load)
    }

    private func end(_ listeners: [any Channel], _ load: ServerLoad) async {
        for listener in listeners { try? await listener.close() }
        let connections = load.drain()
        let limit = group.next().scheduleTask(in: TimeAmount(settings.drainLimit)) {
            for channel in connections { channel.close(promise: nil) }
        }
        for channel in connections { try? await channel.closeFuture.get() }
        limit.cancel()
    }

    // MARK: Listening

    private func listen(_ descriptor: CInt, _ load: ServerLoad) async throws -> any Channel {
        let router = AgentRouter(service: service)
        do {
            return try await bootstrap { channel in
                let peer =
                    (channel as? any SocketOptionProvider)?.unsafeGetSocketOption(
                        level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED))
                    as EventLoopFuture<PeerCredentials>?
                guard let peer else { return channel.close() }
                return peer.flatMap { peer in
                    let objection = peer.objection
                    return self.configure(channel, load, objection) { await router.reply(to: $0) }
                }
            }.withBoundSocket(descriptor).get()
        } catch {
            throw AgentError(.system, "cannot listen on \(settings.socketPath): \(error)")
        }
    }

    private func listen(port: Int, _ load: ServerLoad) async throws -> any Channel {
        let router = HealthRouter(service: service)
        let bootstrap = bootstrap { channel in
            self.configure(channel, load, nil) { await router.reply(to: $0) }
        }
        do {
            return try await bootstrap.bind(host: "::", port: port).get()
        } catch let error as IOError where error.errnoCode != EADDRINUSE {
            // Without IPv6 in the kernel.
            do {
                return try await bootstrap.bind(host: "0.0.0.0", port: port).get()
            } catch {
                throw AgentError(.system, "cannot listen on port \(port) (SPIDERPOOL_HEALTH_PORT): \(error)")
            }
        } catch {
            throw AgentError(.system, "cannot listen on port \(port) (SPIDERPOOL_HEALTH_PORT): \(error)")
        }
    }

    private func bootstrap(
        _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer(initializer)
    }

    private func configure(
        _ channel: any Channel, _ load: ServerLoad, _ objection: AgentRefusal?,
        _ serve: @escaping @Sendable (HTTPRequest) async -> HTTPReply
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline()
            try pipeline.addHandler(IdleStateHandler(readTimeout: TimeAmount(settings.idleLimit)))
            try pipeline.addHandler(RequestHandler(load: load, objection: objection, serve: serve))
            load.add(channel)
        }
    }
}

/// Who is at the other end of a unix socket: `struct ucred` (SO_PEERCRED, unix(7)).
struct PeerCredentials: Sendable {
    var processID: Int32 = 0
    var userID: UInt32 = 0
    var groupID: UInt32 = 0

    /// Why the peer is not served.
    var objection: AgentRefusal? {
        guard userID != 0, userID != geteuid() else { return nil }
        return AgentRefusal(status: 403, "user \(userID) may not use this socket; run as root")
    }
}
