public import JSONTree

extension WorkloadFile {
    /// Reads the file.
    ///
    /// - Throws: ``InvalidResource`` with every mistake: fields that do not exist or are of the wrong kind, an entry
    ///   that cannot be told from another, labels that Kubernetes would refuse, annotations that cannot be understood.
    public init(tree: JSONValue) throws(InvalidResource) {
        var fields = FieldCollector()
        self.init()
        if let root = fields.read({ () throws(JSONFieldError) in try JSONFieldReader(tree) }) {
            read(root, &fields)
        }
        guard fields.errors.isEmpty else {
            throw InvalidResource(kind: Self.kindName, name: nil, errors: fields.errors)
        }
    }

    private mutating func read(_ root: JSONFieldReader, _ fields: inout FieldCollector) {
        fields.checkAPIVersion(in: root)
        if let kind = fields.requiredString(at: "kind", in: root), kind != Self.kindName {
            fields.add(
                .notSupported, at: root.path(of: "kind"), value: kind, "supported values: \(Self.kindName.quoted)")
        }
        fields.refuseUnknown(in: root, known: ["apiVersion", "kind", "node", "namespaces", "workloads"])
        if let node = fields.object(at: "node", in: root) {
            fields.refuseUnknown(in: node, known: ["labels"])
            nodeLabels = fields.labels(in: node)
        }
        var names: [String: JSONFieldPath] = [:]
        for reader in fields.objects(at: "namespaces", in: root) ?? [] {
            let namespace = Namespace(reader, &fields)
            namespaces.append(namespace)
            if let other = names.updateValue(reader.path, forKey: namespace.name) {
                fields.add(
                    .duplicate, at: reader.path(of: "name"), value: namespace.name,
                    "\(other) has this name already; keep one of the two")
            }
        }
        var matches: [WorkloadMatch: JSONFieldPath] = [:]
        for reader in fields.objects(at: "workloads", in: root) ?? [] {
            guard let entry = Entry(reader, &fields) else { continue }
            entries.append(entry)
            if let other = matches.updateValue(reader.path, forKey: entry.match) {
                fields.add(
                    .duplicate, at: reader.path(of: "match"),
                    "\(other) is about the same workloads already; keep one of the two")
            }
        }
    }
}

extension WorkloadFile.Namespace {
    fileprivate init(_ reader: JSONFieldReader, _ fields: inout FieldCollector) {
        fields.refuseUnknown(in: reader, known: ["name", "labels", "annotations"])
        self.init(
            name: fields.requiredString(at: "name", in: reader) ?? "", labels: fields.labels(in: reader),
            annotations: fields.annotations(in: reader))
        if reader.value(at: "name")?.stringValue?.isEmpty == true {
            fields.add(.required, at: reader.path(of: "name"), "a namespace must have a name")
        }
        fields.check(NamespaceAnnotations(annotations), in: reader)
    }
}

extension WorkloadFile.Entry {
    fileprivate init?(_ reader: JSONFieldReader, _ fields: inout FieldCollector) {
        fields.refuseUnknown(in: reader, known: ["match", "identity", "namespace", "labels", "annotations"])
        let identity = fields.word(at: "identity", in: reader)
        let namespace = fields.word(at: "namespace", in: reader)
        let labels = fields.labels(in: reader)
        let annotations = fields.annotations(in: reader)
        fields.check(PodAnnotations(annotations), in: reader)
        guard let section = fields.requiredObject(at: "match", in: reader),
            let match = WorkloadMatch(section, &fields)
        else { return nil }
        self.init(match: match, identity: identity, namespace: namespace, labels: labels, annotations: annotations)
    }
}

extension WorkloadMatch {
    fileprivate init?(_ reader: JSONFieldReader, _ fields: inout FieldCollector) {
        let before = fields.errors.count
        fields.refuseUnknown(in: reader, known: ["containerID", "podNamespace", "podName", "network", "name"])
        let containerID = fields.word(at: "containerID", in: reader)
        let podNamespace = fields.word(at: "podNamespace", in: reader)
        let podName = fields.word(at: "podName", in: reader)
        let network = fields.word(at: "network", in: reader)
        let name = fields.word(at: "name", in: reader)
        guard fields.errors.count == before else { return nil }
        switch (containerID, podNamespace, podName, network, name) {
        case (let id?, nil, nil, nil, nil):
            guard id.utf8.count >= Self.minimumPrefix else {
                fields.add(
                    .invalid, at: reader.path(of: "containerID"), value: id,
                    "too short; write at least the first \(Self.minimumPrefix) characters")
                return nil
            }
            self = .containerID(id)
        case (nil, let podNamespace, let podName?, nil, nil): self = .pod(namespace: podNamespace, name: podName)
        case (nil, nil, nil, let network, let name?): self = .name(name, network: network)
        default:
            fields.add(
                .invalid, at: reader.path,
                "must hold exactly one of containerID, podName (with or without podNamespace), and name (with or "
                    + "without network)")
            return nil
        }
    }
}
