internal import JSONTree

extension FieldCollector {
    /// A text that is not empty; `nil` when it is absent, and with a note when it is empty.
    mutating func word(at key: String, in reader: JSONFieldReader) -> String? {
        guard let text = string(at: key, in: reader) else { return nil }
        if text.isEmpty {
            add(.invalid, at: reader.path(of: key), value: text, "must not be empty; remove the field or fill it in")
            return nil
        }
        return text
    }

    /// The field `labels`, in the syntax of Kubernetes.
    mutating func labels(in reader: JSONFieldReader) -> [String: String] {
        let labels = stringMap(at: "labels", in: reader) ?? [:]
        let path = reader.path(of: "labels")
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            if let problem = LabelSyntax.problem(ofKey: key) {
                add(.invalid, at: path.appending(key), value: key, problem)
            }
            if let problem = LabelSyntax.problem(ofValue: value) {
                add(.invalid, at: path.appending(key), value: value, problem)
            }
        }
        return labels
    }

    /// The field `annotations`.
    mutating func annotations(in reader: JSONFieldReader) -> [String: String] {
        let annotations = stringMap(at: "annotations", in: reader) ?? [:]
        let path = reader.path(of: "annotations")
        for key in annotations.keys.sorted() {
            if let problem = LabelSyntax.problem(ofKey: key) {
                add(.invalid, at: path.appending(key), value: key, problem)
            }
        }
        return annotations
    }

    /// Notes what cannot be understood in the annotations of a Pod that mean something here.
    mutating func check(_ annotations: PodAnnotations, in reader: JSONFieldReader) {
        let path = reader.path(of: "annotations")
        note(path) { () throws(PoolSelectionError) in _ = try annotations.pools() }
        note(path) { () throws(PoolSelectionError) in _ = try annotations.pool() }
        note(path) { () throws(PoolSelectionError) in _ = try annotations.routes() }
        note(path) { () throws(PoolSelectionError) in _ = try annotations.automaticPools() }
        note(path) { () throws(PoolSelectionError) in _ = try annotations.defaultNetwork() }
        note(path) { () throws(PoolSelectionError) in _ = try annotations.networks() }
    }

    /// Notes what cannot be understood in the annotations of a namespace.
    mutating func check(_ annotations: NamespaceAnnotations, in reader: JSONFieldReader) {
        note(reader.path(of: "annotations")) { () throws(PoolSelectionError) in _ = try annotations.defaultPools() }
    }

    private mutating func note(_ path: JSONFieldPath, _ body: () throws(PoolSelectionError) -> Void) {
        do throws(PoolSelectionError) {
            try body()
        } catch {
            add(.invalid, at: path, "\(error)")
        }
    }
}
