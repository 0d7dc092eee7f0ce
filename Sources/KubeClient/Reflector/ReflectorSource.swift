internal import IPAMCore
internal import JSONTree

/// Where a cache gets its objects: lists, watches, and decides when to do which.
struct ReflectorSource<Value: Sendable & Equatable>: Sendable {
    private let raw: ResourceClient<RawItem>
    private let query: ListQuery
    private let read: @Sendable (JSONValue) throws(JSONFieldError) -> (ObjectKey, Value?)

    init<Object: KubeDocument>(
        _ resource: ResourceClient<Object>, _ query: ListQuery, _ transform: @escaping @Sendable (Object) -> Value?
    ) {
        raw = ResourceClient(
            resource.transport, resource.definition, namespace: resource.namespace, isPartial: resource.isPartial)
        self.query = query
        read = { json throws(JSONFieldError) in
            let object = try Object(json: json)
            return (object.key, transform(object))
        }
    }

    var time: TimeSource { raw.transport.options.time }
    var subject: RequestSubject { raw.subject("list") }

    /// Lists and watches until the task is cancelled.
    @concurrent
    func run(_ reflector: Reflector<Value>) async {
        var backoff = Backoff()
        var version: String?
        /// The first list may come from the server's cache; one after events were missed may not.
        var mayUseCache = query.resourceVersion == "0"
        while !Task.isCancelled {
            do throws(KubeError) {
                let start = try await list(reflector, mayUseCache: mayUseCache, notBefore: version)
                let started = time.now
                version = start
                version = try await watch(reflector, from: start)
                // A server that ends every watch at once is not asked for one list after the other.
                if started.duration(to: time.now) > .seconds(5) { backoff.reset() }
                try? await time.wait(for: backoff.next(raw.transport.options.random))
                // The connection broke: it may be another server now, or one with an older storage.
                mayUseCache = true
            } catch {
                if Task.isCancelled { return }
                reflector.failed(error)
                if error.code == .expired { mayUseCache = false }
                let pause = max(error.retryAfter ?? .zero, backoff.next(raw.transport.options.random))
                try? await time.wait(for: pause)
            }
        }
    }

    /// Lists everything.
    ///
    /// - Returns: the resource version.
    private func list(
        _ reflector: Reflector<Value>, mayUseCache: Bool, notBefore: String?
    ) async throws(KubeError) -> String {
        var query = query
        query.resourceVersion = mayUseCache ? "0" : nil
        var values: [ObjectKey: Value] = [:]
        var unreadable: KubeError?
        let version = try await raw.pages(query) { part in
            switch part {
            case .restart: values = [:]
            case .item(let item):
                do throws(JSONFieldError) {
                    let (key, value) = try read(item.json)
                    values[key] = value
                } catch {
                    unreadable = unreadableObject(item.json, error)
                }
            }
        }
        // A cache that is behind what was seen already may be lagging, or the storage was restored: only the storage knows.
        if mayUseCache, let notBefore, Self.isOlder(version, than: notBefore) {
            return try await list(reflector, mayUseCache: false, notBefore: nil)
        }
        reflector.replace(values)
        if let unreadable { reflector.failed(unreadable) }
        return version
    }

    /// Watches until the connection breaks.
    ///
    /// - Returns: the last resource version that was seen.
    private func watch(_ reflector: Reflector<Value>, from version: String) async throws(KubeError) -> String {
        var stream = WatchStream(raw.transport, raw.watchRequest(query), from: version)
        while true {
            switch try await stream.next() {
            case .added(let object), .modified(let object): receive(reflector, object, isGone: false)
            case .deleted(let object): receive(reflector, object, isGone: true)
            case .bookmark: reflector.heard()
            case .interrupted(let error):
                if let error { reflector.failed(error) }
                return stream.resourceVersion
            }
        }
    }

    private func receive(_ reflector: Reflector<Value>, _ json: JSONValue, isGone: Bool) {
        do throws(JSONFieldError) {
            let (key, value) = try read(json)
            reflector.receive(key, isGone ? nil : value)
        } catch {
            // What cannot be read is not served; the others are.
            let metadata = json["metadata"]
            let name = metadata?["name"]?.stringValue ?? ""
            reflector.receive(ObjectKey(namespace: metadata?["namespace"]?.stringValue, name: name), nil)
            if !isGone { reflector.failed(unreadableObject(json, error)) }
        }
    }

    private func unreadableObject(_ json: JSONValue, _ error: JSONFieldError) -> KubeError {
        let name = json["metadata"]?["name"]?.stringValue
        return KubeError(.malformed, raw.subject("read", name), problem: "\(error); the object is left out")
    }

    /// Whether a resource version is smaller than another; they are numbers in fact, and not compared when they are not.
    private static func isOlder(_ version: String, than other: String) -> Bool {
        guard let one = UInt64(version), let another = UInt64(other) else { return true }
        return one < another
    }
}

/// An object before anybody looks at it.
struct RawItem: KubeDocument {
    let json: JSONValue
    var metadata: KubeMetadata { KubeMetadata(name: "") }

    init(json: JSONValue) { self.json = json }
}
