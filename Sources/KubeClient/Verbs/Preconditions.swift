/// What an object must still be for a delete to happen.
public struct Preconditions: Sendable, Hashable {
    /// The UID it must have; `nil` for any.
    public var uid: String?
    /// The resource version it must have; `nil` for any.
    public var resourceVersion: String?

    /// Makes preconditions.
    public init(uid: String? = nil, resourceVersion: String? = nil) {
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    /// The object exactly as it was read.
    public init(exactly metadata: KubeMetadata) {
        self.init(uid: metadata.uid, resourceVersion: metadata.resourceVersion)
    }

    /// No precondition.
    public static let none = Preconditions()
}
