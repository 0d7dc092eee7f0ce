internal import AsyncHTTPClient
internal import IPAMCore
internal import JSONTree
internal import NIOCore

/// A watch that goes on over as many connections as it takes.
struct WatchStream {
    private let transport: Transport
    private let template: APIRequest
    /// Where the next connection begins.
    private(set) var resourceVersion: String
    private var body: HTTPClientResponse.Body.AsyncIterator?
    private var lines: LineFramer
    private var backoff = Backoff()
    /// Before this time an end of the stream is not the one that was agreed.
    private var expectedEnd: MonotonicInstant?
    /// Whether the last connection ended before its time; the next one then comes after a pause.
    private var endedEarly = false
    /// Streams in a row that ended in something that is no event.
    private var malformed = 0

    init(_ transport: Transport, _ template: APIRequest, from resourceVersion: String) {
        self.transport = transport
        self.template = template
        self.resourceVersion = resourceVersion
        lines = LineFramer(limit: transport.options.maximumEventBytes)
    }

    /// The next event.
    ///
    /// - Throws: ``KubeError`` with ``KubeError/Code/expired`` when events were missed for good, and for every refusal that
    ///   waiting does not overcome.
    @concurrent
    mutating func next() async throws(KubeError) -> RawWatchEvent {
        while true {
            if let line = lines.next() {
                guard let event = try event(line) else {
                    return .interrupted(close(after: nil))
                }
                return event
            }
            if body == nil {
                if let trouble = try await connect() { return .interrupted(trouble) }
                continue
            }
            guard !lines.isOverLimit else {
                let error = KubeError(
                    .malformed, template.subject,
                    problem: "an event is larger than \(transport.options.maximumEventBytes) bytes")
                throw close(after: error) ?? error
            }
            let trouble: (any Error)?
            do {
                if let piece = try await body?.next() {
                    lines.append(piece.readableBytesView)
                    continue
                }
                trouble = nil
            } catch {
                trouble = error
            }
            if Task.isCancelled { throw .cancelled(template.subject) }
            let isInTime = trouble == nil && (expectedEnd.map { transport.options.time.now >= $0 } ?? false)
            let error = close(after: trouble.map { transport.failure(template.subject, $0) })
            if !isInTime {
                endedEarly = true
                return .interrupted(error)
            }
        }
    }

    private mutating func event(_ line: ArraySlice<UInt8>) throws(KubeError) -> RawWatchEvent? {
        let event: RawWatchEvent
        do throws(KubeError) {
            event = try RawWatchEvent(line, template.subject)
        } catch {
            malformed += 1
            guard error.isTransient || error.code == .malformed, malformed < 4 else {
                _ = close(after: nil)
                throw error
            }
            return nil
        }
        malformed = 0
        backoff.reset()
        if let version = event.resourceVersion { resourceVersion = version }
        return event
    }

    private mutating func close(after error: KubeError?) -> KubeError? {
        body = nil
        lines = LineFramer(limit: transport.options.maximumEventBytes)
        return error
    }

    /// Opens a connection; waits and says why when that does not work now.
    private mutating func connect() async throws(KubeError) -> KubeError? {
        let options = transport.options
        if endedEarly {
            endedEarly = false
            do { try await options.time.wait(for: backoff.next(options.random)) } catch {
                throw .cancelled(template.subject)
            }
        }
        // Not all watches of a cluster may end at the same time.
        let timeout = options.watchTimeout * 0.8 + options.random.part(of: options.watchTimeout / 5)
        var request = template
        request.query += [
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", resourceVersion),
            ("timeoutSeconds", String(max(1, timeout.components.seconds))),
        ]
        do throws(KubeError) {
            let started = options.time.now
            body = try await transport.open(request, deadline: started + options.requestTimeout).body
                .makeAsyncIterator()
            expectedEnd = started + timeout * 0.9
            return nil
        } catch {
            guard error.isTransient else { throw error }
            let pause = max(error.retryAfter ?? .zero, backoff.next(options.random))
            do { try await options.time.wait(for: pause) } catch { throw .cancelled(template.subject) }
            return error
        }
    }
}
