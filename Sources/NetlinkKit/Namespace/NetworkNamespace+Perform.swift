internal import CLinux
internal import SystemPackage

extension NetworkNamespace {
    /// Does something in the namespace while the caller waits, and never changes the caller's namespace.
    ///
    /// The body runs on a thread of its own that enters the namespace and ends in it, which costs less than 0.1 ms. What it opens
    /// and returns, a socket for example, stays bound to the namespace and is used anywhere. A body that fails with errors of
    /// another kind returns them as a value:
    ///
    /// ```swift
    /// let socket = try pod.perform { () throws(NetlinkError) in try RouteSocket() }
    /// let output = try pod.perform { Result { () throws(ShellError) in try run("iptables-save") } }.get()
    /// ```
    ///
    /// `/proc/sys/net`, processes that the body starts, and names that it looks up (`if_nametoindex`) are those of the
    /// namespace. `/sys/class/net` is not: it shows the namespace that `/sys` was mounted in.
    ///
    /// It blocks the calling thread. From async code use a `NamespaceThread` (module `NetlinkAsync`).
    ///
    /// - Parameter body: What is done in the namespace.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw; ``NetlinkError/Code/notPermitted`` without `CAP_SYS_ADMIN`.
    public borrowing func perform<Value: ~Copyable>(
        _ body: () throws(NetlinkError) -> Value
    ) throws(NetlinkError) -> Value {
        let number = descriptor.rawValue
        return try PosixThread.run("enter network namespace") { () throws(NetlinkError) in
            try Self.enter(number)
            return try body()
        }
    }

    /// Moves the calling thread, which must end in the namespace, into the one behind a descriptor.
    package static func enter(_ number: CInt) throws(NetlinkError) {
        try systemCall("enter network namespace") { clinux_enter_network_namespace(number) }
    }
}
