public import NetlinkKit
internal import SystemPackage

/// A network namespace for async code: an actor that runs on a thread of its own, which has entered the namespace for good.
///
/// ```swift
/// let pod = try NamespaceThread(in: NetworkNamespace(path: "/run/netns/pod"))
/// let name = try await pod.perform { _ in
///     try await Task.sleep(for: .seconds(1))      // other work of this actor runs meanwhile
///     return try Sysctl.value(of: key)            // in the namespace, also after a suspension
/// }
/// ```
///
/// A task is in the namespace exactly while it is isolated to the actor. No thread ever changes its namespace between two
/// pieces of work, so a suspension in the middle can neither carry the namespace elsewhere nor lose it. Other actors run
/// here too when their `unownedExecutor` is this actor's and they hold on to it.
///
/// The thread ends with the last reference to the actor, before the release returns; when that happens on the thread itself,
/// right after the work that it is in.
public actor NamespaceThread {
    private nonisolated let executor: NamespaceExecutor
    private nonisolated let thread: PosixThread

    /// Starts a thread and lets it enter a namespace.
    ///
    /// - Parameter namespace: The namespace; the thread keeps it alive from then on.
    /// - Throws: `NetlinkError.Code.notPermitted` without `CAP_SYS_ADMIN`.
    public init(in namespace: borrowing NetworkNamespace) throws(NetlinkError) {
        let executor = try NamespaceExecutor()
        let start = try ThreadStart()
        let number = namespace.descriptor.rawValue
        let thread = try PosixThread("start a thread in a network namespace") {
            do throws(NetlinkError) {
                try NetworkNamespace.enter(number)
            } catch {
                start.end(with: error)
                return
            }
            start.end(with: nil)
            executor.run()
        }
        if let failure = start.failure() {
            thread.join()
            throw failure
        }
        self.executor = executor
        self.thread = thread
    }

    deinit {
        // Who holds no reference cannot enqueue work, so the thread has at most the end of a job before it.
        executor.end()
        if thread.isCurrent { thread.detach() } else { thread.join() }
    }

    /// The executor of the thread, also for other actors that should live in the namespace.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Does something in the namespace.
    ///
    /// Work that waits should suspend: while it blocks, other work of this actor waits.
    ///
    /// - Parameter body: What is done; isolated to the actor, hence in the namespace after every suspension too.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw.
    public func perform<Value: ~Copyable, Failure: Error>(
        _ body: @Sendable (isolated NamespaceThread) async throws(Failure) -> sending Value
    ) async throws(Failure) -> sending Value {
        try await body(self)
    }
}
