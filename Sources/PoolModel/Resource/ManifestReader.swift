internal import JSONTree

/// Reads the parts that all kinds share, then lets the kind read its own.
struct ManifestReader {
    let root: JSONFieldReader
    let kind: ResourceKind
    let metadata: ObjectMetadata
    var fields: FieldCollector

    /// Checks that the tree is an object of this kind and reads its metadata.
    ///
    /// - Throws: ``InvalidResource`` when the tree is no object; other mistakes are kept for ``finish()``.
    init(_ tree: JSONValue, kind: ResourceKind, sections: [String]) throws(InvalidResource) {
        fields = FieldCollector()
        guard let root = fields.read({ () throws(JSONFieldError) in try JSONFieldReader(tree) }) else {
            throw InvalidResource(kind: kind.name, name: nil, errors: fields.errors)
        }
        self.root = root
        self.kind = kind
        fields.checkAPIVersion(in: root)
        if let name = fields.requiredString(at: "kind", in: root), name != kind.name {
            fields.add(
                .notSupported, at: root.path(of: "kind"), value: name, "supported values: \(kind.name.quoted)")
        }
        metadata = ObjectMetadata(in: root, fields: &fields)
        fields.refuseUnknown(in: root, known: ["apiVersion", "kind", "metadata"] + sections)
    }

    /// A section such as `spec`, with the fields that it may have.
    mutating func section(_ name: String, required: Bool, known: [String]?) -> JSONFieldReader? {
        let section = required ? fields.requiredObject(at: name, in: root) : fields.object(at: name, in: root)
        if let section, let known { fields.refuseUnknown(in: section, known: known) }
        return section
    }

    /// Ends the reading.
    ///
    /// - Throws: ``InvalidResource`` when there was any mistake.
    func finish() throws(InvalidResource) {
        guard !fields.errors.isEmpty else { return }
        throw InvalidResource(
            kind: kind.name, name: metadata.name.isEmpty ? nil : metadata.name, errors: fields.errors)
    }
}
