internal import IPAMCore
internal import SystemPackage

/// What carries datagrams to the kernel and back; tests put a script in its place.
///
/// Each member is one attempt: interruptions (`EINTR`), full queues and lengths are the business of ``NetlinkSocket``.
protocol NetlinkTransport: ~Copyable, Sendable {
    /// The descriptor of the socket; −1 when it is none of the kernel.
    var descriptor: CInt { get }

    /// Sends one datagram.
    func send(_ bytes: [UInt8]) throws(Errno)

    /// Takes the next datagram, without waiting.
    ///
    /// - Parameter buffer: Where to put it, from the start; its count is the room that there is.
    /// - Returns: The length of the datagram. When it is more than the room, what found none is lost.
    /// - Throws: `EAGAIN` when there is none.
    func receive(into buffer: inout [UInt8]) throws(Errno) -> Int

    /// Waits until there is a datagram.
    ///
    /// - Returns: false when the deadline came first.
    func wait(until deadline: MonotonicInstant) throws(Errno) -> Bool
}
