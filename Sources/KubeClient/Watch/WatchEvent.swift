/// Something that happened to the objects of a kind.
public enum WatchEvent<Object: KubeDocument>: Sendable {
    /// An object came into being, or into what the query means.
    case added(Object)
    /// An object changed.
    case modified(Object)
    /// An object is gone, or no longer what the query means; this is how it was last.
    case deleted(Object)
    /// All that happened until this resource version has been told.
    case bookmark(resourceVersion: String)
}
