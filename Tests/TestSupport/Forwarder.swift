internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A way to a server on which answers come late, or connections are cut: bytes go through unread.
public final class Forwarder: Sendable {
    /// What a connection suffers.
    fileprivate struct State {
        var delay = TimeAmount.zero
        var isRefusing = false
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    /// Where it listens: `https://127.0.0.1:PORT`.
    public let server: String
    private let listener: any Channel
    private let shared: Shared

    private init(_ listener: any Channel, _ shared: Shared) throws {
        guard let port = listener.localAddress?.port else { throw SupportError("the forwarder has no port") }
        self.listener = listener
        self.shared = shared
        server = "https://127.0.0.1:\(port)"
    }

    /// Starts one in front of a server.
    ///
    /// - Parameter target: `https://127.0.0.1:PORT`.
    /// - Returns: the way.
    /// - Throws: ``SupportError`` for a target without port, or what the system says.
    public static func start(to target: String) async throws -> Forwarder {
        guard let port = target.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw SupportError("\(target) has no port")
        }
        let shared = Shared()
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { inbound in
                guard shared.accept(inbound) else { return inbound.close() }
                return ClientBootstrap(group: inbound.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: port)
                    .flatMap { outbound in
                        shared.keep(outbound)
                        return outbound.pipeline.addHandler(Relay(to: inbound, shared, isDelaying: true)).flatMap {
                            inbound.pipeline.addHandler(Relay(to: outbound, shared, isDelaying: false))
                        }.map {
                            for channel in [inbound, outbound] {
                                channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil)
                                }
                            }
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return try Forwarder(listener, shared)
    }

    /// How long each piece of an answer is held back.
    public func slow(by delay: Duration) {
        let (seconds, attoseconds) = delay.components
        shared.state.withLock { $0.delay = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000) }
    }

    /// Ends all connections; new ones are accepted.
    public func cut() {
        for channel in shared.state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    /// Ends all connections, and those that come too, until ``admit()``.
    public func refuse() {
        shared.state.withLock { $0.isRefusing = true }
        cut()
    }

    /// Accepts connections again.
    public func admit() { shared.state.withLock { $0.isRefusing = false } }

    /// Ends it and all connections.
    public func stop() async {
        refuse()
        try? await listener.close()
    }

    /// What the connections have in common.
    fileprivate final class Shared: Sendable {
        let state = Mutex(State())

        func accept(_ channel: any Channel) -> Bool {
            let isAccepted = state.withLock { !$0.isRefusing }
            if isAccepted { keep(channel) }
            return isAccepted
        }

        func keep(_ channel: any Channel) {
            let identifier = ObjectIdentifier(channel)
            state.withLock { $0.channels[identifier] = channel }
            channel.closeFuture.whenComplete { _ in self.state.withLock { $0.channels[identifier] = nil } }
        }
    }
}

/// Passes on what comes, late if so asked, in order.
private final class Relay: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let shared: Forwarder.Shared
    private let isDelaying: Bool

    init(to peer: any Channel, _ shared: Forwarder.Shared, isDelaying: Bool) {
        self.peer = peer
        self.shared = shared
        self.isDelaying = isDelaying
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        let peer = peer
        let delay = isDelaying ? shared.state.withLock { $0.delay } : .zero
        guard delay > .zero else { return peer.writeAndFlush(bytes, promise: nil) }
        context.eventLoop.scheduleTask(in: delay) { peer.writeAndFlush(bytes, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        peer.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
