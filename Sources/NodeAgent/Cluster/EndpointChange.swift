internal import JSONTree
internal import KubeClient

/// What has happened to one interface of a workload, for its SpiderEndpoint.
struct EndpointChange: Sendable {
    /// The namespace and the name of the object.
    let key: ObjectKey
    /// The Pod that has the interface; what another one left in the object is replaced.
    let uid: String
    let node: String
    let controllerKind: String
    let controllerName: String
    /// The Pod as the owner of the object; `nil` for fixed workloads, whose object outlives it.
    let owner: OwnerReference?
    let interface: String
    /// What the interface has; `nil` when it has nothing any more.
    let element: EndpointElement?

    /// What the object says after the change.
    ///
    /// - Parameter stored: What it says now; `nil` when there is none.
    /// - Returns: `nil` when there is nothing left to say, and the object is to go.
    func applied(to stored: JSONValue?) -> JSONValue? {
        let current = stored?["status"]?["current"]
        let isSamePod = current?["uid"]?.stringValue == uid
        // What has no element and belongs to a later Pod is left alone.
        if element == nil, stored != nil, !isSamePod, owner != nil { return stored }
        var elements = (isSamePod || owner == nil ? current?["ips"]?.arrayValue : nil) ?? []
        elements.removeAll { EndpointElement.interface(of: $0) == interface }
        if let element { elements.append(element.json) }
        guard !elements.isEmpty else { return nil }
        if element == nil, var json = stored {
            // Whose the rest is does not change.
            json["status"]?["current"]?["ips"] = .array(elements)
            return json
        }
        elements.sort { EndpointElement.interface(of: $0).isInterface(before: EndpointElement.interface(of: $1)) }
        var json =
            stored ?? [
                "apiVersion": .string(ResourceDefinition.endpoints.apiVersion),
                "kind": .string(ResourceDefinition.endpoints.kind),
                "metadata": ["name": .string(key.name), "namespace": .string(key.namespace ?? "")],
            ]
        json["metadata"]?["ownerReferences"] = owner.map { .array([$0.json]) }
        json["status"] = [
            "current": ["uid": .string(uid), "node": .string(node), "ips": .array(elements)],
            "ownerControllerType": .string(controllerKind), "ownerControllerName": .string(controllerName),
        ]
        return json
    }
}
