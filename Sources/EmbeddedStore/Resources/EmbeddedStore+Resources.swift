public import IPAMCore

/// A manifest as it is stored.
public struct StoredResource: Sendable, Hashable {
    /// Kind, `SpiderIPPool` for instance.
    public var kind: String
    /// Name, unique within the kind.
    public var name: String
    /// The family that it concerns, when it has one.
    public var family: AddressFamily?
    /// Whether the resource belongs to the default set of its kind.
    public var isDefault: Bool
    /// The manifest as JSON text.
    public var body: String

    /// Makes a resource.
    public init(kind: String, name: String, family: AddressFamily?, isDefault: Bool, body: String) {
        self.kind = kind
        self.name = name
        self.family = family
        self.isDefault = isDefault
        self.body = body
    }
}

extension EmbeddedStore {
    /// All resources of a kind, sorted by name.
    public func resources(ofKind kind: String) throws(StoreError) -> [StoredResource] {
        // A blob comes after every text.
        try resources(where: Self.between, [.text(kind), .text(""), .blob([0])])
    }

    /// The resources of a kind with the given names, sorted by name; names that do not exist are left out.
    public func resources(ofKind kind: String, named names: [String]) throws(StoreError) -> [StoredResource] {
        var result: [StoredResource] = []
        for name in names.sorted() where name != result.last?.name {
            result += try resources(where: Self.between, [.text(kind), .text(name), .text(name)])
        }
        return result
    }

    /// One condition for a name and for all of them, so that one statement serves both.
    private static let between = "kind = ? AND name >= ? AND name <= ?"

    /// The resources of a kind that belong to its default set, sorted by name.
    public func defaultResources(ofKind kind: String) throws(StoreError) -> [StoredResource] {
        try resources(where: "kind = ? AND is_default", [.text(kind)])
    }

    private func resources(where condition: String, _ parameters: [Value]) throws(StoreError) -> [StoredResource] {
        var result: [StoredResource] = []
        try database.query(
            "SELECT kind, name, family, is_default, body FROM resources WHERE \(condition) ORDER BY kind, name",
            parameters
        ) { row in
            result.append(
                StoredResource(
                    kind: row.text(0), name: row.text(1),
                    family: AddressFamily(rawValue: UInt8(truncatingIfNeeded: row.integer(2))),
                    isDefault: row.integer(3) != 0, body: row.text(4)))
            return true
        }
        return result
    }

    /// Stores a resource, replacing one of the same kind and name.
    ///
    /// - Precondition: runs inside ``transaction(durably:_:)``; the caller has validated the resource there.
    public mutating func put(_ resource: StoredResource) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO resources(kind, name, family, is_default, body) VALUES(?, ?, ?, ?, ?)",
            [
                .text(resource.kind), .text(resource.name),
                resource.family.map { .integer(Int64($0.rawValue)) } ?? .null,
                .integer(resource.isDefault ? 1 : 0), .text(resource.body),
            ])
        try dropCursors()
    }

    /// Removes a resource.
    ///
    /// - Precondition: runs inside ``transaction(durably:_:)``; the caller has checked there that nothing uses it.
    public mutating func remove(kind: String, name: String) throws(StoreError) {
        try database.run("DELETE FROM resources WHERE kind = ? AND name = ?", [.text(kind), .text(name)])
        try dropCursors()
    }
}
