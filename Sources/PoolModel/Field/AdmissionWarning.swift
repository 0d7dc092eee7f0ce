public import JSONTree

/// Something that is allowed but probably not meant; shown to the person who writes the resource.
public struct AdmissionWarning: Sendable, Hashable {
    /// The field it is about.
    public let path: JSONFieldPath
    /// What will surprise, and what to do if it is not meant.
    public let message: String

    /// Makes a warning.
    public init(at path: JSONFieldPath, _ message: String) {
        self.path = path
        self.message = message
    }
}

extension AdmissionWarning: CustomStringConvertible {
    /// `path: message`.
    public var description: String { "\(path): \(message)" }
}
