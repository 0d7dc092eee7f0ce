public import JSONTree

/// A resource kind as a value: read from a tree, written to a tree, told apart by kind and name.
///
/// Reading checks the shape only: types, unknown fields, what must be there. Whether the values make sense is for
/// the validation of each kind.
public protocol Resource: Sendable, Equatable {
    /// The kind.
    static var kind: ResourceKind { get }

    /// Name, labels and what else every object carries.
    var metadata: ObjectMetadata { get set }

    /// Reads a manifest.
    ///
    /// - Throws: ``InvalidResource`` with every field of the wrong type, every unknown field and every missing one.
    init(tree: JSONValue) throws(InvalidResource)

    /// The manifest, in the field order of the documentation; fields without a value are left out.
    var tree: JSONValue { get }
}

extension Resource {
    /// The object's name.
    public var name: String { metadata.name }

    /// The members that start every manifest.
    var treeHead: JSONObject {
        ["apiVersion": .string(ResourceKind.apiVersion), "kind": .string(Self.kind.name), "metadata": metadata.tree]
    }
}
