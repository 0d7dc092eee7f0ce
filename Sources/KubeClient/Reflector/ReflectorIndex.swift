/// A way to look up cached values by something else than their name.
public struct ReflectorIndex<Value: Sendable>: Sendable {
    /// The name under which it is asked for.
    public let name: String
    let keys: @Sendable (Value) -> [String]

    /// Makes an index: a value is found under each of the keys that the function returns for it.
    public init(_ name: String, keys: @escaping @Sendable (Value) -> [String]) {
        self.name = name
        self.keys = keys
    }
}
