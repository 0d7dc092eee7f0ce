public import JSONTree

extension SpiderIPPool {
    /// Reads a manifest; see ``Resource/init(tree:)``.
    ///
    /// - Throws: ``InvalidResource`` with every mistake.
    public init(tree: JSONValue) throws(InvalidResource) {
        var manifest = try ManifestReader(tree, kind: Self.kind, sections: ["spec", "status"])
        var spec = Spec(subnet: "")
        if let reader = manifest.section("spec", required: true, known: Spec.fieldNames) {
            spec = Spec(in: reader, fields: &manifest.fields)
        }
        var status = Status()
        if let reader = manifest.section("status", required: false, known: nil) {
            status.allocatedIPs = manifest.fields.string(at: "allocatedIPs", in: reader)
            status.allocatedIPCount = manifest.fields.count(at: "allocatedIPCount", in: reader)
            status.totalIPCount = manifest.fields.count(at: "totalIPCount", in: reader)
        }
        try manifest.finish()
        self.init(metadata: manifest.metadata, spec: spec, status: status)
    }

    /// The manifest.
    public var tree: JSONValue {
        var object = treeHead
        object["spec"] = spec.tree
        var statusObject = JSONObject()
        statusObject["allocatedIPCount"] = status.allocatedIPCount.map { JSONValue.integer($0) }
        statusObject["allocatedIPs"] = status.allocatedIPs.map(JSONValue.string)
        statusObject["totalIPCount"] = status.totalIPCount.map { JSONValue.integer($0) }
        if !statusObject.isEmpty { object["status"] = .object(statusObject) }
        return .object(object)
    }
}

extension SpiderIPPool.Spec {
    static let fieldNames = [
        "ipVersion", "subnet", "ips", "excludeIPs", "gateway", "routes", "podAffinity", "namespaceAffinity",
        "namespaceName", "nodeAffinity", "nodeName", "multusName", "default", "disable",
    ]

    init(in reader: JSONFieldReader, fields: inout FieldCollector) {
        ipVersion = fields.integer(at: "ipVersion", in: reader)
        subnet = fields.requiredString(at: "subnet", in: reader) ?? ""
        ips = fields.strings(at: "ips", in: reader) ?? []
        excludeIPs = fields.strings(at: "excludeIPs", in: reader) ?? []
        gateway = fields.string(at: "gateway", in: reader)
        routes = fields.objects(at: "routes", in: reader).map { routes in
            routes.map { SpiderIPPool.Route(in: $0, fields: &fields) }
        }
        podAffinity = LabelSelector(at: "podAffinity", in: reader, fields: &fields)
        namespaceAffinity = LabelSelector(at: "namespaceAffinity", in: reader, fields: &fields)
        namespaceName = fields.strings(at: "namespaceName", in: reader) ?? []
        nodeAffinity = LabelSelector(at: "nodeAffinity", in: reader, fields: &fields)
        nodeName = fields.strings(at: "nodeName", in: reader) ?? []
        multusName = fields.strings(at: "multusName", in: reader) ?? []
        isDefault = fields.bool(at: "default", in: reader) ?? false
        isDisabled = fields.bool(at: "disable", in: reader) ?? false
    }

    var tree: JSONValue {
        var object = JSONObject()
        object["ipVersion"] = ipVersion.map { JSONValue.integer($0) }
        object["subnet"] = .string(subnet)
        if !ips.isEmpty { object["ips"] = .strings(ips) }
        if !excludeIPs.isEmpty { object["excludeIPs"] = .strings(excludeIPs) }
        object["gateway"] = gateway.map(JSONValue.string)
        object["routes"] = routes.map { .array($0.map { ["dst": .string($0.dst), "gw": .string($0.gw)] }) }
        object["podAffinity"] = podAffinity?.tree
        object["namespaceAffinity"] = namespaceAffinity?.tree
        if !namespaceName.isEmpty { object["namespaceName"] = .strings(namespaceName) }
        object["nodeAffinity"] = nodeAffinity?.tree
        if !nodeName.isEmpty { object["nodeName"] = .strings(nodeName) }
        if !multusName.isEmpty { object["multusName"] = .strings(multusName) }
        object["default"] = .bool(isDefault)
        object["disable"] = .bool(isDisabled)
        return .object(object)
    }
}

extension SpiderIPPool.Route {
    fileprivate init(in reader: JSONFieldReader, fields: inout FieldCollector) {
        fields.refuseUnknown(in: reader, known: ["dst", "gw"])
        dst = fields.requiredString(at: "dst", in: reader) ?? ""
        gw = fields.requiredString(at: "gw", in: reader) ?? ""
    }
}
