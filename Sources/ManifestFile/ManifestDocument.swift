public import JSONTree
public import PoolModel

/// One document of a manifest file: a tree that remembers its lines.
public struct ManifestDocument: Sendable {
    /// The name of the file, as the caller gave it.
    public let file: String
    /// Which document of the file, counted from 1; the items of a list count one by one.
    public let index: Int
    /// The values.
    public let tree: JSONValue
    /// The lines on which values begin.
    let lines: [JSONFieldPath: Int]

    /// The line on which the value at a path begins, or the nearest value around it; `nil` when it is not known.
    public func line(of path: JSONFieldPath) -> Int? {
        for length in stride(from: path.steps.count, through: 0, by: -1) {
            let prefix = path.steps.prefix(length).reduce(JSONFieldPath.root) { $0.appending($1) }
            if let line = lines[prefix] { return line }
        }
        return nil
    }

    /// The errors of a resource in this document, with file and line.
    public func errors(for fields: [FieldError]) -> [ManifestError] {
        let name = tree["metadata"]?["name"]?.stringValue
        let kind = tree["kind"]?.stringValue ?? "resource"
        let subject = name.map { "\(kind) \"\($0)\"" } ?? kind
        return fields.map { field in
            ManifestError(
                file: file, document: index, line: line(of: field.path), subject: subject,
                problem: field.description, field: field)
        }
    }

    /// The documents that a list consists of, of kind `List` or a plain array; the document itself when it is none.
    func items(startingAt first: Int) -> [ManifestDocument] {
        if tree["kind"]?.stringValue == "List", let items = tree["items"]?.arrayValue {
            return self.items(items, at: .root.appending("items"), startingAt: first)
        }
        if let items = tree.arrayValue { return self.items(items, at: .root, startingAt: first) }
        return [ManifestDocument(file: file, index: first, tree: tree, lines: lines)]
    }

    private func items(_ items: [JSONValue], at path: JSONFieldPath, startingAt first: Int) -> [ManifestDocument] {
        let depth = path.steps.count
        var maps: [JSONFieldPath.Step: [JSONFieldPath: Int]] = [:]
        for (place, line) in lines where place.steps.count > depth && place.steps.starts(with: path.steps) {
            let rest = place.steps.dropFirst(depth + 1).reduce(JSONFieldPath.root) { $0.appending($1) }
            maps[place.steps[depth], default: [:]][rest] = line
        }
        return items.enumerated().map { offset, item in
            ManifestDocument(file: file, index: first + offset, tree: item, lines: maps[.index(offset)] ?? [:])
        }
    }
}

extension JSONFieldPath {
    func appending(_ step: Step) -> JSONFieldPath {
        switch step {
        case .key(let key): appending(key)
        case .index(let index): appending(index)
        }
    }
}
