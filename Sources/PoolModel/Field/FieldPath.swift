/// Where in a resource something stands: `spec.ips[1]`, `metadata.labels["example.com/team"]`.
///
/// ```swift
/// let path = FieldPath.spec.member("ips").index(1)
/// print(path)  // spec.ips[1]
/// ```
public struct FieldPath: Sendable, Hashable {
    /// One step down from an object or a list.
    public enum Component: Sendable, Hashable {
        /// A member of an object.
        case member(String)
        /// An element of a list, counted from 0.
        case index(Int)
    }

    /// The steps from the root of the resource.
    public let components: [Component]

    /// Makes a path from its steps.
    public init(_ components: [Component]) { self.components = components }

    /// The resource itself.
    public static let root = FieldPath([])
    /// `metadata`.
    public static let metadata = root.member("metadata")
    /// `spec`.
    public static let spec = root.member("spec")
    /// `status`.
    public static let status = root.member("status")

    /// The path of a member of the object at this path.
    public func member(_ name: String) -> FieldPath { FieldPath(components + [.member(name)]) }

    /// The path of an element of the list at this path, counted from 0.
    public func index(_ index: Int) -> FieldPath { FieldPath(components + [.index(index)]) }

    /// The path one step up; `nil` for the root.
    public var parent: FieldPath? { components.isEmpty ? nil : FieldPath(components.dropLast()) }

    /// The path without its first `count` steps.
    func dropFirst(_ count: Int) -> FieldPath { FieldPath(Array(components.dropFirst(count))) }
}

extension FieldPath: CustomStringConvertible {
    /// The steps as Kubernetes writes them; names that are not plain words stand in brackets and quotes.
    public var description: String {
        var text = ""
        for component in components {
            switch component {
            case .index(let index): text += "[\(index)]"
            case .member(let name) where !name.isEmpty && name.utf8.allSatisfy(Self.isPlain):
                text += text.isEmpty ? name : ".\(name)"
            case .member(let name): text += "[\(name.quoted)]"
            }
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        LabelSyntax.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
