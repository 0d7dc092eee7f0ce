/// What a watch tells.
public enum WatchEvent<Object: Sendable>: Sendable {
    /// All objects that there are: what was known before is void.
    ///
    /// It comes first, and again after the kernel had more to tell than was read in time (`ENOBUFS`).
    case snapshot([Object])
    /// An object was made or changed, or is as it was.
    case changed(Object)
    /// An object was removed; it is described as it was last.
    case removed(Object)
}

extension WatchEvent: Equatable where Object: Equatable {}
extension WatchEvent: Hashable where Object: Hashable {}
