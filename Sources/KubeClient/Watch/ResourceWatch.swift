internal import JSONTree
internal import NIOHTTP1

/// What happens to the objects of a kind, as long as one listens.
///
/// A connection that ends or breaks is replaced by another one that goes on at the last resource version, after pauses that
/// grow while there is no server. The sequence ends by throwing only: ``KubeError/Code/expired`` when events were missed for
/// good (list again), or a refusal that waiting does not overcome.
///
/// After a restore of the server's storage from a backup, resource versions come twice, and a watch that goes on cannot
/// know; ``Reflector`` lists again after every connection that broke.
public struct ResourceWatch<Object: KubeDocument>: AsyncSequence, Sendable {
    /// What happened.
    public typealias Element = WatchEvent<Object>
    /// How it ends.
    public typealias Failure = KubeError

    let resource: ResourceClient<Object>
    let query: ListQuery
    let resourceVersion: String
    let endsWhenInterrupted: Bool

    /// Reads the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let resource: ResourceClient<Object>
        private var stream: WatchStream
        private let subject: RequestSubject
        private let endsWhenInterrupted: Bool

        init(_ watch: ResourceWatch) {
            resource = watch.resource
            subject = resource.subject("watch")
            endsWhenInterrupted = watch.endsWhenInterrupted
            stream = WatchStream(
                resource.transport, resource.watchRequest(watch.query), from: watch.resourceVersion)
        }

        /// The next event.
        ///
        /// - Throws: ``KubeError``.
        @concurrent
        public mutating func next() async throws(KubeError) -> WatchEvent<Object>? {
            while true {
                switch try await stream.next() {
                case .added(let object): return .added(try resource.read(object, subject))
                case .modified(let object): return .modified(try resource.read(object, subject))
                case .deleted(let object): return .deleted(try resource.read(object, subject))
                case .bookmark(let version): return .bookmark(resourceVersion: version)
                case .interrupted(let cause):
                    guard endsWhenInterrupted else { continue }
                    let problem = cause?.problem ?? "it ended before its time"
                    throw KubeError(.expired, subject, problem: "the connection broke: \(problem)")
                }
            }
        }
    }

    /// Begins to listen.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension ResourceClient {
    /// Watches the objects that a query means (`kubectl get --watch`).
    ///
    /// - Parameters:
    ///   - query: Which objects; its limit and resource version are not used.
    ///   - resourceVersion: Where to begin: the version of a list.
    ///   - endsWhenInterrupted: Whether a connection that breaks ends the sequence with ``KubeError/Code/expired``, for
    ///     those who have to notice that the server's storage was restored meanwhile.
    /// - Returns: the events.
    public func watch(
        _ query: ListQuery = ListQuery(), from resourceVersion: String, endsWhenInterrupted: Bool = false
    ) -> ResourceWatch<Object> {
        ResourceWatch(
            resource: self, query: query, resourceVersion: resourceVersion, endsWhenInterrupted: endsWhenInterrupted)
    }

    func watchRequest(_ query: ListQuery) -> APIRequest {
        var request = APIRequest(subject("watch"), .GET, definition.path(namespace: namespace))
        if isPartial { request.accept = Self.partial("PartialObjectMetadata") }
        request.query = query.selectors
        return request
    }
}
