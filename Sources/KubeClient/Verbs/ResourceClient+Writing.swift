public import IPAMCore
internal import JSONTree
internal import NIOHTTP1

extension ResourceClient {
    /// Creates an object (`kubectl create`).
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - options: How it is written.
    ///   - deadline: When to give up.
    /// - Returns: the object as it is stored.
    /// - Throws: ``KubeError``, with ``KubeError/Code/alreadyExists`` when there is one of that name.
    public func create(
        _ object: some KubeDocument, _ options: WriteOptions = WriteOptions(), deadline: MonotonicInstant? = nil
    ) async throws(KubeError) -> Object {
        let here = inNamespace(of: object)
        let name = object.metadata.name.isEmpty ? object.metadata.generateName : object.metadata.name
        var request = try here.request("create", .POST, nil)
        request.subject = here.subject("create", name)
        guard !definition.isNamespaced || here.namespace != nil else {
            throw KubeError(.badRequest, request.subject, problem: "the kind lives in namespaces, and none was said")
        }
        return try await here.write(request, object.json, options, deadline)
    }

    /// Replaces an object (`kubectl replace`): conditionally when its metadata have a resource version.
    ///
    /// - Parameters:
    ///   - object: The object as it is to be.
    ///   - subresource: `status` to replace that part only; `nil` for all the others.
    ///   - options: How it is written.
    ///   - deadline: When to give up.
    /// - Returns: the object as it is stored.
    /// - Throws: ``KubeError``, with ``KubeError/Code/conflict`` when it is no longer what was read.
    public func replace(
        _ object: some KubeDocument, subresource: String? = nil, _ options: WriteOptions = WriteOptions(),
        deadline: MonotonicInstant? = nil
    ) async throws(KubeError) -> Object {
        let here = inNamespace(of: object)
        let request = try here.request("replace", .PUT, object.metadata.name, subresource: subresource)
        return try await here.write(request, object.json, options, deadline)
    }

    /// Changes an object (`kubectl patch`, `kubectl apply --server-side`).
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - patch: The change.
    ///   - subresource: `status` to change that part only; `nil` for all the others.
    ///   - options: How it is written.
    ///   - deadline: When to give up.
    /// - Returns: the object as it is stored.
    /// - Throws: ``KubeError``, with ``KubeError/Code/invalid`` for a JSON patch whose test fails.
    public func patch(
        _ name: String, _ patch: KubePatch, subresource: String? = nil, _ options: WriteOptions = WriteOptions(),
        deadline: MonotonicInstant? = nil
    ) async throws(KubeError) -> Object {
        var request = try request("patch", .PATCH, name, subresource: subresource)
        request.contentType = patch.contentType
        if case .apply = patch {
            guard options.fieldManager != nil else {
                throw KubeError(.badRequest, request.subject, problem: "apply needs a field manager in its options")
            }
            request.query.append(("force", options.forcesApply ? "true" : "false"))
        }
        return try await write(request, patch.body, options, deadline)
    }

    /// Deletes an object (`kubectl delete`); it goes when its finalizers and its grace are over.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - preconditions: What it must still be; otherwise nothing happens.
    ///   - propagation: What becomes of what it owns; the kind's own way when `nil`.
    ///   - graceSeconds: How long its containers may take to end; the object's own time when `nil`.
    ///   - options: How it is written.
    ///   - deadline: When to give up.
    /// - Throws: ``KubeError``, with ``KubeError/Code/conflict`` when a precondition does not hold, and
    ///   ``KubeError/Code/notFound`` when there is none.
    public func delete(
        _ name: String, _ preconditions: Preconditions = .none, propagation: Propagation? = nil,
        graceSeconds: Int64? = nil, _ options: WriteOptions = WriteOptions(), deadline: MonotonicInstant? = nil
    ) async throws(KubeError) {
        var request = try request("delete", .DELETE, name)
        var body: JSONObject = ["apiVersion": "v1", "kind": "DeleteOptions"]
        var conditions = JSONObject()
        if let uid = preconditions.uid { conditions.set("uid", .string(uid)) }
        if let version = preconditions.resourceVersion { conditions.set("resourceVersion", .string(version)) }
        if !conditions.isEmpty { body.set("preconditions", .object(conditions)) }
        if let propagation { body.set("propagationPolicy", .string(propagation.rawValue)) }
        if let graceSeconds { body.set("gracePeriodSeconds", .integer(graceSeconds)) }
        if options.isDryRun { body.set("dryRun", ["All"]) }
        request.contentType = "application/json"
        request.body = JSONValue.object(body).utf8()
        _ = try await transport.send(request, deadline: deadline)
    }

    private func write(
        _ request: APIRequest, _ body: JSONValue, _ options: WriteOptions, _ deadline: MonotonicInstant?
    ) async throws(KubeError) -> Object {
        var request = request
        request.query += options.parameters
        request.contentType = request.contentType ?? "application/json"
        request.body = body.utf8()
        return try read(await transport.send(request, deadline: deadline), request.subject)
    }

    /// This, in the namespace that the object names when none is set.
    private func inNamespace(of object: some KubeDocument) -> ResourceClient {
        ResourceClient(transport, definition, namespace: namespace ?? object.metadata.namespace, isPartial: isPartial)
    }
}
