public import IPAMCore
internal import JSONTree
public import Logging
internal import NIOHTTP1

/// A client of one API server.
///
/// ```swift
/// let client = try KubeClient(.load(), logger: logger)
/// let pod = try await client.resource(Pod.self, namespace: "shop").get("web-0")
/// ```
///
/// It runs one event loop thread of its own, which ends with ``shutdown()``, or some time after the client is gone.
public final class KubeClient: Sendable {
    let transport: Transport

    /// Makes a client; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - configuration: Where the server is, and who we are.
    ///   - options: How the client behaves.
    ///   - logger: Gets failed requests at `debug` and all others at `trace`.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration`` for certificates that are none.
    public init(
        _ configuration: KubeConfiguration, options: KubeClientOptions = KubeClientOptions(), logger: Logger
    ) throws(KubeError) {
        transport = try Transport(configuration, options, logger)
    }

    /// What the client was made with.
    public var configuration: KubeConfiguration { transport.configuration }

    /// How the client behaves.
    public var options: KubeClientOptions { transport.options }

    /// The objects of a kind.
    ///
    /// - Parameters:
    ///   - type: The type that stands for the kind.
    ///   - namespace: The namespace; `nil` for all of them, and for kinds without.
    /// - Returns: a value to keep or to make again: it costs nothing.
    public func resource<Object: KubeObject>(
        _ type: Object.Type, namespace: String? = nil
    ) -> ResourceClient<Object> {
        ResourceClient(transport, Object.resource, namespace: namespace, isPartial: false)
    }

    /// The objects of any kind, as they are.
    ///
    /// - Parameters:
    ///   - definition: Where the kind lives in the API.
    ///   - namespace: The namespace; `nil` for all of them, and for kinds without.
    /// - Returns: a value to keep or to make again.
    public func resource(_ definition: ResourceDefinition, namespace: String? = nil) -> ResourceClient<RawObject> {
        ResourceClient(transport, definition, namespace: namespace, isPartial: false)
    }

    /// The metadata of the objects of a kind: what is read, and what writes answer with, is cut down by the server.
    ///
    /// - Parameters:
    ///   - definition: Where the kind lives in the API.
    ///   - namespace: The namespace; `nil` for all of them, and for kinds without.
    /// - Returns: a value to keep or to make again.
    public func metadata(of definition: ResourceDefinition, namespace: String? = nil) -> ResourceClient<PartialObject> {
        ResourceClient(transport, definition, namespace: namespace, isPartial: true)
    }

    /// The server's version, such as `v1.30.2`.
    ///
    /// - Throws: ``KubeError``.
    public func version(deadline: MonotonicInstant? = nil) async throws(KubeError) -> String {
        let subject = RequestSubject("get", "the server's version")
        let reply = try await transport.send(APIRequest(subject, .GET, "/version"), deadline: deadline)
        guard let tree = try? JSONValue(parsing: reply.body.span), let version = tree["gitVersion"]?.stringValue else {
            throw KubeError(.malformed, subject, problem: "the answer has no version")
        }
        return version
    }

    /// Opens connections ahead of the first request, which need not wait for TLS then.
    ///
    /// - Parameters:
    ///   - connections: How many requests will come at once.
    ///   - deadline: When to give up.
    /// - Returns: whether the server answered.
    @discardableResult
    public func warmUp(connections: Int = 2, deadline: MonotonicInstant? = nil) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<max(1, connections) {
                group.addTask { (try? await self.version(deadline: deadline)) != nil }
            }
            return await group.reduce(false) { $0 || $1 }
        }
    }

    /// Closes all connections and ends the thread; requests on their way fail as cancelled.
    public func shutdown() async { await transport.shutdown() }
}
