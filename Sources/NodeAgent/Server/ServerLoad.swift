internal import NIOCore
internal import Synchronization

/// The requests and connections of a server at this moment.
final class ServerLoad: Sendable {
    /// How many requests may be served at once.
    let limit: Int

    private struct State {
        var requests = 0
        var isDraining = false
        var connections: [ObjectIdentifier: any Channel] = [:]
    }

    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Notes a request; whether there is room for it.
    func enter() -> Bool {
        state.withLock { state in
            guard state.requests < limit else { return false }
            state.requests += 1
            return true
        }
    }

    /// Notes that a request is over.
    func leave() { state.withLock { $0.requests -= 1 } }

    /// Notes a connection until it is closed; one that comes while the server drains is told so at once.
    func add(_ channel: any Channel) {
        let isDraining = state.withLock { state in
            state.connections[ObjectIdentifier(channel)] = channel
            return state.isDraining
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        if isDraining { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    /// Has every connection closed once its request in flight is answered.
    ///
    /// - Returns: the connections that are still open.
    func drain() -> [any Channel] {
        let connections = state.withLock { state in
            state.isDraining = true
            return Array(state.connections.values)
        }
        for channel in connections { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        return connections
    }
}
