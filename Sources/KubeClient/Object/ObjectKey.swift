/// The place of an object among those of its kind.
public struct ObjectKey: Sendable, Hashable {
    /// The namespace; `nil` for kinds without.
    public let namespace: String?
    /// The name.
    public let name: String

    /// Makes a key.
    public init(namespace: String? = nil, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `namespace/name`, or the name alone.
    public var description: String { namespace.map { "\($0)/\(name)" } ?? name }
}
