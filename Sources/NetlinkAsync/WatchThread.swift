internal import NetlinkKit
internal import Synchronization

/// The thread of a ``WatchSequence``; it ends with this value.
final class WatchThread<Object: Sendable>: Sendable {
    private let exchange: WatchExchange<Object>
    private let thread: PosixThread

    /// Starts the thread and waits until it watches.
    ///
    /// - Parameters:
    ///   - topic: What is watched.
    ///   - namespace: The descriptor of the namespace; `nil` for the one of the calling thread.
    ///   - receiveBufferBytes: How much room there is for events that were not read yet.
    /// - Throws: When the kernel gives no socket, or the thread may not enter the namespace.
    init(_ topic: WatchTopic<Object>, namespace: CInt?, _ receiveBufferBytes: Int) throws(NetlinkError) {
        let exchange = try WatchExchange<Object>()
        let start = try ThreadStart()
        let thread = try PosixThread("start a thread that watches the network") {
            do throws(NetlinkError) {
                if let namespace { try NetworkNamespace.enter(namespace) }
                var watch = try Watch(topic, receiveBufferBytes: receiveBufferBytes)
                start.end(with: nil)
                exchange.serve { bell throws(NetlinkError) in try watch.next(until: nil, unless: bell) }
            } catch {
                start.end(with: error)
                return
            }
            // The sockets are closed before anybody hears that it is over.
            exchange.finish()
        }
        if let failure = start.failure() {
            thread.join()
            throw failure
        }
        self.exchange = exchange
        self.thread = thread
    }

    deinit {
        exchange.end()
        thread.join()
    }

    /// The next event; `nil` when the task was cancelled, and after an error.
    func next() async throws(NetlinkError) -> WatchEvent<Object>? {
        try await withTaskCancellationHandler {
            await withCheckedContinuation { exchange.ask($0) }
        } onCancel: {
            exchange.end()
        }.get()
    }
}
