public import SystemPackage

/// A network namespace as requests name it.
public enum NamespaceReference: Sendable, Hashable {
    /// By an open file, which stays the caller's (`IFLA_NET_NS_FD`).
    case descriptor(FileDescriptor)
    /// By a process that is in it (`IFLA_NET_NS_PID`).
    case process(Int32)
}
