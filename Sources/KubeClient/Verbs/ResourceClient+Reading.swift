public import IPAMCore
internal import JSONTree
internal import NIOHTTP1

extension ResourceClient {
    /// Reads one object as it is stored now (`kubectl get`).
    ///
    /// - Throws: ``KubeError``, with ``KubeError/Code/notFound`` when there is none.
    public func get(_ name: String, deadline: MonotonicInstant? = nil) async throws(KubeError) -> Object {
        let request = try request("get", .GET, name)
        return try read(await transport.send(request, deadline: deadline), request.subject)
    }

    /// Reads one object as it is stored now; `nil` when there is none.
    ///
    /// - Throws: ``KubeError`` for everything else.
    public func find(_ name: String, deadline: MonotonicInstant? = nil) async throws(KubeError) -> Object? {
        do throws(KubeError) {
            return try await get(name, deadline: deadline)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Reads all objects that a query means, page by page.
    ///
    /// - Parameters:
    ///   - query: Which objects.
    ///   - deadline: When to give up; the usual time for each page when `nil`.
    /// - Returns: the objects.
    /// - Throws: ``KubeError``.
    public func list(
        _ query: ListQuery = ListQuery(), deadline: MonotonicInstant? = nil
    ) async throws(KubeError) -> ResourceList<Object> {
        var items: [Object] = []
        let version = try await pages(query, deadline: deadline) { page in
            switch page {
            case .restart: items = []
            case .item(let item): items.append(item)
            }
        }
        return ResourceList(items: items, resourceVersion: version)
    }

    /// Reads all objects that a query means, and hands them over one by one, so that no more than one is in memory.
    ///
    /// A list whose rest is no longer kept (410) begins anew, which the receiver is told.
    ///
    /// - Parameters:
    ///   - query: Which objects.
    ///   - deadline: When to give up; the usual time for each page when `nil`.
    ///   - receive: Gets the objects.
    /// - Returns: the resource version of the list.
    /// - Throws: ``KubeError``.
    public func pages(
        _ query: ListQuery, deadline: MonotonicInstant? = nil, _ receive: (ListPart<Object>) -> Void
    ) async throws(KubeError) -> String {
        var restarts = 0
        var token: String?
        while true {
            var request = try request("list", .GET, nil)
            if isPartial { request.accept = Self.partial("PartialObjectMetadataList") }
            request.takesCompressed = true
            request.query = query.selectors + [("limit", String(query.limit))]
            if let token {
                request.query.append(("continue", token))
            } else if let version = query.resourceVersion {
                request.query.append(("resourceVersion", version))
            }
            let reply: APIReply
            do throws(KubeError) {
                reply = try await transport.send(request, deadline: deadline)
            } catch {
                guard error.code == .expired, token != nil, restarts < 3 else { throw error }
                restarts += 1
                token = nil
                receive(.restart)
                continue
            }
            let page = try readPage(reply, request.subject) { receive(.item($0)) }
            guard let next = page.token else { return page.resourceVersion }
            token = next
        }
    }

    private func readPage(
        _ reply: APIReply, _ subject: RequestSubject, _ receive: (Object) -> Void
    ) throws(KubeError) -> (resourceVersion: String, token: String?) {
        var failure: KubeError?
        let rest: JSONValue
        do throws(JSONParseError) {
            rest = try ListScanner.scan(reply.body) { item in
                guard failure == nil else { return }
                do throws(KubeError) { receive(try read(item, subject)) } catch { failure = error }
            }
        } catch {
            throw KubeError(.malformed, subject, problem: "the list is not JSON: \(error)")
        }
        if let failure { throw failure }
        guard let version = rest["metadata"]?["resourceVersion"]?.stringValue else {
            throw KubeError(.malformed, subject, problem: "the list has no resource version")
        }
        return (version, rest["metadata"]?["continue"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 })
    }
}
