public import NetlinkKit
internal import SystemPackage

/// Changes to the network of a namespace as they happen, for async code.
///
/// ```swift
/// for try await event in try WatchSequence(.links, in: pod) {
///     switch event {
///     case .snapshot(let links): known = links
///     case .changed(let link): …
///     case .removed(let link): …
///     }
/// }
/// ```
///
/// What it tells is what a `Watch` tells. One thread waits for the kernel, and reads only when it is asked for the next event: while
/// the consumer is busy, events wait in the kernel, and what finds no room there is made up for with another snapshot.
/// When the task is cancelled, or the last reference is gone, the thread and its sockets end at once.
///
/// It is iterated once, by one task at a time.
public struct WatchSequence<Object: Sendable>: AsyncSequence, Sendable {
    private let thread: WatchThread<Object>

    /// Starts to watch the namespace of the calling thread, which for a task is the one of the process.
    ///
    /// - Parameters:
    ///   - topic: What is watched.
    ///   - receiveBufferBytes: How much room there is for events that were not read yet.
    /// - Throws: When the kernel gives no socket.
    public init(_ topic: WatchTopic<Object>, receiveBufferBytes: Int = 1 << 20) throws(NetlinkError) {
        thread = try WatchThread(topic, namespace: nil, receiveBufferBytes)
    }

    /// Starts to watch a namespace.
    ///
    /// - Parameters:
    ///   - topic: What is watched.
    ///   - namespace: Where.
    ///   - receiveBufferBytes: How much room there is for events that were not read yet.
    /// - Throws: When the kernel gives no socket; `NetlinkError.Code.notPermitted` without `CAP_SYS_ADMIN`.
    public init(
        _ topic: WatchTopic<Object>, in namespace: borrowing NetworkNamespace, receiveBufferBytes: Int = 1 << 20
    ) throws(NetlinkError) {
        thread = try WatchThread(topic, namespace: namespace.descriptor.rawValue, receiveBufferBytes)
    }

    /// The events from here on.
    public func makeAsyncIterator() -> Iterator { Iterator(thread: thread) }

    /// Takes one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let thread: WatchThread<Object>

        /// The next event; `nil` after a cancellation or an error.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(NetlinkError) -> WatchEvent<Object>? {
            try await thread.next()
        }

        /// The next event; `nil` after a cancellation or an error.
        public mutating func next() async throws(NetlinkError) -> WatchEvent<Object>? {
            try await thread.next()
        }
    }
}
