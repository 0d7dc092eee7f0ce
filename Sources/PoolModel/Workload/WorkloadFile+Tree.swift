public import JSONTree

extension WorkloadFile {
    /// Reads the file; what is wrong in an entry stands in its `problems`, and all of it in ``problems``.
    ///
    /// These are fields that do not exist or are of the wrong kind, an entry that cannot be told from another, labels
    /// that Kubernetes would refuse, annotations that cannot be understood. An entry that does not say whom it is about
    /// is left out, and node labels with a mistake count as unknown.
    ///
    /// - Throws: ``InvalidResource`` with every mistake when the file as a whole is no list of workloads.
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

    /// Reads the sections; `whole` gets what is wrong with the file as such.
    private mutating func read(_ root: JSONFieldReader, _ whole: inout FieldCollector) {
        whole.checkAPIVersion(in: root)
        if let kind = whole.requiredString(at: "kind", in: root), kind != Self.kindName {
            whole.add(
                .notSupported, at: root.path(of: "kind"), value: kind, "supported values: \(Self.kindName.quoted)")
        }
        whole.refuseUnknown(in: root, known: ["apiVersion", "kind", "node", "namespaces", "workloads"])
        if let node = whole.object(at: "node", in: root) { readNode(node) }
        readNamespaces(whole.objects(at: "namespaces", in: root) ?? [])
        readEntries(whole.objects(at: "workloads", in: root) ?? [])
    }

    private mutating func readNode(_ reader: JSONFieldReader) {
        var fields = FieldCollector()
        fields.refuseUnknown(in: reader, known: ["labels"])
        let labels = fields.labels(in: reader)
        if fields.errors.isEmpty { nodeLabels = labels }
        problems += fields.errors
    }

    private mutating func readNamespaces(_ readers: [JSONFieldReader]) {
        var known: [String: (index: Int, path: JSONFieldPath)] = [:]
        for reader in readers {
            var fields = FieldCollector()
            var namespace = Namespace(reader, &fields)
            if let other = known[namespace.name] {
                fields.add(
                    .duplicate, at: reader.path(of: "name"), value: namespace.name,
                    "\(other.path) has this name already; keep one of the two")
                namespaces[other.index].problems += fields.errors
            } else {
                known[namespace.name] = (namespaces.count, reader.path)
            }
            namespace.problems = fields.errors
            namespaces.append(namespace)
            problems += fields.errors
        }
    }

    private mutating func readEntries(_ readers: [JSONFieldReader]) {
        var known: [WorkloadMatch: (index: Int, path: JSONFieldPath)] = [:]
        for reader in readers {
            var fields = FieldCollector()
            var entry = Entry(reader, &fields)
            if let match = entry?.match {
                if let other = known[match] {
                    fields.add(
                        .duplicate, at: reader.path(of: "match"),
                        "\(other.path) is about the same workloads already; keep one of the two")
                    entries[other.index].problems += fields.errors
                } else {
                    known[match] = (entries.count, reader.path)
                }
            }
            entry?.problems = fields.errors
            if let entry { entries.append(entry) }
            problems += fields.errors
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
