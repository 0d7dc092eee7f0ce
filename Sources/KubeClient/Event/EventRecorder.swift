internal import IPAMCore
internal import JSONTree
internal import Synchronization

/// Reports what happens to objects as events of the cluster, without ever making its caller wait.
///
/// Equal events become one with a count. While the server is away a limited number waits; what comes beyond is counted in
/// ``dropped`` and forgotten: events are for people, and nothing may depend on them.
public final class EventRecorder: Sendable {
    private let client: KubeClient
    private let component: String
    private let host: String
    private let queue: Mutex<EventQueue>
    private let signal: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Makes a recorder, which writes nothing until it runs.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - component: What reports, such as `spiderpool-agent`.
    ///   - host: Where it runs: the node's name.
    ///   - limit: How many different events may wait.
    public init(_ client: KubeClient, component: String, host: String, limit: Int = 256) {
        self.client = client
        self.component = component
        self.host = host
        queue = Mutex(EventQueue(limit: limit))
        (signal, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many events were left out because too many waited, or because the server refused them.
    public var dropped: Int64 { queue.withLock { $0.dropped } }

    /// Reports something; returns at once.
    ///
    /// - Parameters:
    ///   - severity: How serious it is.
    ///   - reason: One word in camel case, for programs.
    ///   - message: What happened, for people; cut to 1,024 bytes.
    ///   - about: What it happened to.
    ///   - action: What was done about it, one word in camel case.
    public func record(
        _ severity: KubeEvent.Severity, reason: String, message: String, about: ObjectReference, action: String? = nil
    ) {
        // The version is not part of what makes events equal.
        var about = about
        about.resourceVersion = nil
        let key = EventQueue.Key(
            about: about, severity: severity, reason: reason, message: message.cut(toBytes: 1024), action: action)
        queue.withLock { $0.add(key) }
        wake.yield()
    }

    /// Writes events until the task is cancelled.
    public func run() async {
        var written = WrittenEvents(limit: 512)
        var backoff = Backoff()
        for await _ in signal {
            while !Task.isCancelled, let (key, count) = queue.withLock({ $0.take() }) {
                do throws(KubeError) {
                    try await write(key, count, &written)
                    backoff.reset()
                } catch {
                    guard error.isTransient else {
                        queue.withLock { $0.drop(count) }
                        continue
                    }
                    queue.withLock { $0.add(key, count: count) }
                    try? await client.options.time.wait(for: backoff.next(client.options.random))
                }
            }
        }
    }

    private func write(
        _ key: EventQueue.Key, _ count: Int64, _ written: inout WrittenEvents
    ) async throws(KubeError) {
        let now = client.options.time.now
        let stamp = client.options.time.timestamp.description
        let events = client.metadata(of: KubeEvent.resource, namespace: key.about.namespace ?? "default")
        if let known = written.find(key, now: now) {
            let total = known.count + count
            do throws(KubeError) {
                _ = try await events.patch(
                    known.name, .merge(["count": .integer(total), "lastTimestamp": .string(stamp)]))
                written.remember(key, WrittenEvents.Entry(name: known.name, count: total, at: now))
                return
            } catch {
                // The server forgets events after an hour.
                guard error.code == .notFound else { throw error }
            }
        }
        let digits = String(client.options.random.next(), radix: 16)
        let name = "\(key.about.name.prefix(230)).\(digits)"
        _ = try await events.create(try event(key, count, name: name, stamp: stamp))
        written.remember(key, WrittenEvents.Entry(name: name, count: count, at: now))
    }

    private func event(
        _ key: EventQueue.Key, _ count: Int64, name: String, stamp: String
    ) throws(KubeError) -> RawObject {
        var json: JSONObject = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(key.about.namespace ?? "default")],
            "involvedObject": key.about.json, "type": .string(key.severity.rawValue), "reason": .string(key.reason),
            "message": .string(key.message), "count": .integer(count), "firstTimestamp": .string(stamp),
            "lastTimestamp": .string(stamp), "reportingComponent": .string(component),
            "reportingInstance": .string(host),
            "source": ["component": .string(component), "host": .string(host)],
        ]
        if let action = key.action { json.set("action", .string(action)) }
        do throws(JSONFieldError) {
            return try RawObject(json: .object(json))
        } catch {
            throw KubeError(.malformed, RequestSubject("create", KubeEvent.resource.plural, name), problem: "\(error)")
        }
    }
}

extension String {
    /// The text, or as many whole characters of it as fit in so many bytes, with an ellipsis.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit - 3)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "…"
    }
}
