/// The annotations of a Pod, read one by one when they are asked for: what nobody needs cannot be wrong.
///
/// ```swift
/// let annotations = PodAnnotations(["ipam.spidernet.io/ippool": #"{"IPv4": ["rack-a"]}"#])
/// try annotations.pool()?.names  // [.ipv4: ["rack-a"]]
/// ```
///
/// Every mistake is a ``PoolSelectionError`` that begins with `wrong input, invalid format of Pod annotation` and the
/// key, and goes on with the place inside the value and an example of a right one.
public struct PodAnnotations: Sendable, Hashable {
    /// All annotations, also those that mean nothing here.
    public let values: [String: String]

    /// Takes the annotations as they are.
    public init(_ values: [String: String] = [:]) { self.values = values }

    /// Whether the annotation is there, whatever it holds.
    public func has(_ key: String) -> Bool { values[key] != nil }
}
