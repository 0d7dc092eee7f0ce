internal import Glibc
internal import SystemPackage

/// A thread that belongs to one piece of work, so that it may leave the process's network namespace: nothing else ever
/// runs on it, and it ends where it is.
package struct PosixThread: Sendable {
    private let handle: pthread_t

    private init(handle: pthread_t) { self.handle = handle }

    /// Starts a thread; it must be joined or detached once.
    ///
    /// - Parameters:
    ///   - operation: What the thread is for, for the error.
    ///   - body: What it does.
    /// - Throws: When the system starts no more threads.
    package init(_ operation: @autoclosure () -> String, body: @escaping @Sendable () -> Void) throws(NetlinkError) {
        self = try Self.start(operation(), body)
    }

    /// Whether the caller runs on this thread.
    package var isCurrent: Bool { pthread_equal(pthread_self(), handle) != 0 }

    /// Waits until the thread has ended.
    package func join() { _ = pthread_join(handle, nil) }

    /// Lets the thread end without anybody waiting for it.
    package func detach() { _ = pthread_detach(handle) }

    /// Does something on a thread of its own while the caller waits.
    ///
    /// - Parameters:
    ///   - operation: What the thread is for, for the error.
    ///   - body: What it does.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw, or when the system starts no more threads.
    static func run<Value: ~Copyable>(
        _ operation: @autoclosure () -> String, _ body: () throws(NetlinkError) -> Value
    ) throws(NetlinkError) -> Value {
        var outcome: Result<Value, NetlinkError>?
        let work = {
            do throws(NetlinkError) {
                outcome = .success(try body())
            } catch {
                outcome = .failure(error)
            }
        }
        // The thread has ended before the closure's life does: what it captures is used by one thread at a time.
        try withoutActuallyEscaping(work) { (work) throws(NetlinkError) in
            try start(operation(), work).join()
        }
        guard let outcome = outcome.take() else { preconditionFailure("the thread ended before its work did") }
        return try outcome.get()
    }

    private static func start(_ operation: String, _ body: @escaping () -> Void) throws(NetlinkError) -> Self {
        let work = Work(body)
        var handle = pthread_t()
        let context = unsafe Unmanaged.passRetained(work).toOpaque()
        let number = unsafe pthread_create(&handle, nil, { unsafe Work.run($0) }, context)
        guard number == 0 else {
            unsafe Unmanaged.passUnretained(work).release()
            throw NetlinkError(
                errno: Errno(rawValue: number), operation: operation, detail: "no thread could be started")
        }
        return Self(handle: handle)
    }

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }

        static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
            if let context = unsafe context { unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
            return nil
        }
    }
}
