internal import Synchronization

/// How a thread tells whoever started it that it is where it should be.
package final class ThreadStart: Sendable {
    private let outcome = Mutex<NetlinkError?>(nil)
    private let event: EventDescriptor

    package init() throws(NetlinkError) { event = try EventDescriptor() }

    /// Tells, on the thread, that it is ready, or why not.
    package func end(with failure: NetlinkError?) {
        outcome.withLock { $0 = failure }
        event.signal()
    }

    /// Waits until the thread has told.
    package func failure() -> NetlinkError? {
        event.wait()
        return outcome.withLock { $0 }
    }
}
