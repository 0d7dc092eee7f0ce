internal import JSONTree
public import PoolModel

/// Manifests from a file: one or several documents in YAML or JSON, a JSON array, or a `List`.
///
/// ```swift
/// let manifests = try ManifestFile(text, named: "pools.yaml")
/// for (resource, document) in try manifests.resources() {
///     print(document.index, resource.name)
/// }
/// ```
///
/// All or nothing: when any document has a mistake, the errors of all documents are thrown and no resource is returned.
public struct ManifestFile: Sendable {
    /// The name of the file, as the caller gave it.
    public let name: String
    /// The documents in the order of the file; empty ones are left out.
    public let documents: [ManifestDocument]

    /// Reads the documents of a text.
    ///
    /// A text that starts with `{` or `[` is read as JSON if it is JSON, everything else as YAML.
    ///
    /// - Throws: ``ManifestErrors`` when the text is neither, or exceeds a limit.
    public init(_ text: String, named name: String, limits: ManifestLimits = ManifestLimits()) throws(ManifestErrors) {
        guard text.utf8.count <= limits.maximumBytes else {
            throw ManifestErrors(errors: [
                ManifestError(
                    file: name, document: nil, line: nil,
                    problem: "\(text.utf8.count) bytes are more than the \(limits.maximumBytes) that a file may have; "
                        + "split it into several files")
            ])
        }
        self.name = name
        var documents = try Self.json(text, named: name, limits: limits)
        if documents == nil { documents = try Self.yaml(text, named: name, limits: limits) }
        var items: [ManifestDocument] = []
        for document in documents ?? [] { items += document.items(startingAt: items.count + 1) }
        self.documents = items
    }

    /// The resources of all documents, typed.
    ///
    /// - Parameter registry: The kinds that are understood.
    /// - Returns: The resources in the order of the file, each with its document.
    /// - Throws: ``ManifestErrors`` with every mistake of every document; two resources of one kind and name are one.
    public func resources(
        _ registry: ResourceRegistry = .standard
    ) throws(ManifestErrors) -> [(resource: any Resource, document: ManifestDocument)] {
        var resources: [(resource: any Resource, document: ManifestDocument)] = []
        var errors: [ManifestError] = []
        var seen: [[String]: Int] = [:]
        for document in documents {
            do throws(InvalidResource) {
                let resource = try registry.read(document.tree)
                let kind = type(of: resource).kind.name
                if let other = seen.updateValue(document.index, forKey: [kind, resource.name]) {
                    let path = JSONFieldPath.metadata.appending("name")
                    errors += document.errors(for: [
                        FieldError(
                            .duplicate, at: path, value: resource.name,
                            "document \(other) is a \(kind) of this name already; keep one of the two")
                    ])
                }
                resources.append((resource, document))
            } catch {
                errors += document.errors(for: error.errors)
            }
        }
        guard errors.isEmpty else { throw ManifestErrors(errors: errors) }
        return resources
    }
}
