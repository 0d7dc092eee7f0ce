internal import Synchronization

/// How a thread tells whoever started it that it is where it should be.
final class ThreadStart: Sendable {
    private let outcome = Mutex<NetlinkError?>(nil)
    private let event: EventDescriptor

    init() throws(NetlinkError) { event = try EventDescriptor() }

    /// Tells, on the thread, that it is ready, or why not.
    func end(with failure: NetlinkError?) {
        outcome.withLock { $0 = failure }
        event.signal()
    }

    /// Waits until the thread has told.
    func failure() -> NetlinkError? {
        event.wait()
        return outcome.withLock { $0 }
    }
}
