import CLinux
import Glibc
import Synchronization

/// Runs work on a thread of its own in a new network namespace, which ends with the work and what it left open.
func inOwnNamespace<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) throws -> Value {
    let job = NamespaceJob {
        guard clinux_unshare_network_namespace() == 0 else { throw NamespaceRefused(errno: errno) }
        return try work()
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(job as AnyJob)
    let code = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<AnyJob>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        }, context.toOpaque())
    guard code == 0 else {
        context.release()
        throw NamespaceRefused(errno: code)
    }
    pthread_join(thread, nil)
    return try job.result()
}

/// The tests of the kernel need root.
struct NamespaceRefused: Error {
    let errno: CInt
}

private class AnyJob {
    func run() {}
}

private final class NamespaceJob<Value: Sendable>: AnyJob {
    private let work: () throws -> Value
    private var outcome: Result<Value, any Error>?

    init(_ work: @escaping () throws -> Value) { self.work = work }

    override func run() { outcome = Result(catching: work) }

    func result() throws -> Value {
        guard let outcome else { throw NamespaceRefused(errno: 0) }
        return try outcome.get()
    }
}
