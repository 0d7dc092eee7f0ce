public import JSONTree

/// The kinds that a program understands.
///
/// ```swift
/// let resource = try ResourceRegistry.standard.read(["apiVersion": …, "kind": "SpiderIPPool", …])
/// if let pool = resource as? SpiderIPPool { … }
/// ```
public struct ResourceRegistry: Sendable {
    /// The types of the kinds, in the order in which they are listed to people.
    public let types: [any Resource.Type]

    /// Makes a registry of these types.
    public init(_ types: [any Resource.Type]) { self.types = types }

    /// All kinds that people write.
    public static let standard = ResourceRegistry([SpiderIPPool.self, SpiderReservedIP.self])

    /// The kinds of an export, which also says who has which address.
    public static let exported = ResourceRegistry(standard.types + [SpiderIPBlock.self])

    /// The kinds.
    public var kinds: [ResourceKind] { types.map { $0.kind } }

    /// The type whose kind a word on a command line means; `nil` when there is none.
    public func type(named word: String) -> (any Resource.Type)? { types.first { $0.kind.isNamed(word) } }

    /// Reads a manifest of any of the kinds.
    ///
    /// - Throws: ``InvalidResource``; for an unknown kind it names the known ones.
    public func read(_ tree: JSONValue) throws(InvalidResource) -> any Resource {
        let kind = tree["kind"]?.stringValue
        if let type = types.first(where: { $0.kind.name == kind }) { return try type.init(tree: tree) }
        var fields = FieldCollector()
        if let root = fields.read({ () throws(JSONFieldError) in try JSONFieldReader(tree) }) {
            fields.checkAPIVersion(in: root)
            if let kind = fields.requiredString(at: "kind", in: root) {
                let names = kinds.map(\.name)
                let hint = Spelling.nearest(to: kind, in: names).map { "; did you mean \($0.quoted)?" } ?? ""
                fields.add(
                    .notSupported, at: JSONFieldPath.root.appending("kind"), value: kind,
                    "supported values: \(names.quotedList)\(hint)")
            }
        }
        throw InvalidResource(kind: kind, name: tree["metadata"]?["name"]?.stringValue, errors: fields.errors)
    }
}
