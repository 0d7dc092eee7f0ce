internal import CNetlink
internal import Glibc
public import IPAMCore
internal import SystemPackage

/// Changes to the network of a namespace as they happen, for code that may block (rtnetlink(7)).
///
/// ```swift
/// var watch = try Watch(.links)
/// let link = try watch.first(until: .now + .seconds(3)) { $0.name == "eth0" && $0.hasCarrier }
/// ```
///
/// The first event is a ``WatchEvent/snapshot(_:)``. Who then applies each event in its order knows what the kernel knows, also
/// after a flood: the kernel drops what finds no room, says so once, and another snapshot follows.
///
/// It belongs to the namespace in which the thread was that opened it. Async code uses `WatchSequence` of `NetlinkAsync`.
public struct Watch<Object: Sendable>: ~Copyable {
    private let topic: WatchTopic<Object>
    private let events: KernelTransport
    private var requests: RouteSocket
    private var buffer: [UInt8]
    private var waiting: ArraySlice<WatchEvent<Object>> = []
    private var needsSnapshot = true
    private var operation: String { "watch the network" }

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - topic: What is watched.
    ///   - receiveBufferBytes: How much room there is for events that were not read yet.
    /// - Throws: When the kernel gives no socket.
    public init(_ topic: WatchTopic<Object>, receiveBufferBytes: Int = 1 << 20) throws(NetlinkError) {
        try self.init(topic, receiveBufferBytes, room: NetlinkSocket.usualRoom)
    }

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - topic: What is watched.
    ///   - receiveBufferBytes: How much room there is for events that were not read yet.
    ///   - room: The room for one event at first, in bytes.
    /// - Throws: When the kernel gives no socket.
    init(_ topic: WatchTopic<Object>, _ receiveBufferBytes: Int, room: Int) throws(NetlinkError) {
        let events = try Self.subscribe(topic.groups, CInt(clamping: receiveBufferBytes))
        let requests = try RouteSocket()
        self.events = events
        self.requests = requests
        self.topic = topic
        buffer = [UInt8](repeating: 0, count: room)
    }

    private static func subscribe(_ groups: [CInt], _ room: CInt) throws(NetlinkError) -> KernelTransport {
        do throws(Errno) {
            return try KernelTransport(family: NETLINK_ROUTE, receiveBufferBytes: room, groups: groups)
        } catch {
            throw NetlinkError(errno: error, operation: "watch the network")
        }
    }

    /// The next event.
    ///
    /// - Parameter deadline: How long to wait.
    /// - Returns: The event; `nil` when none came before the deadline.
    /// - Throws: When the kernel does not answer.
    public mutating func next(until deadline: MonotonicInstant) throws(NetlinkError) -> WatchEvent<Object>? {
        try next(until: deadline, unless: -1)
    }

    /// Waits until an object is as it should be: a link with carrier, an address that is no longer tentative.
    ///
    /// - Parameters:
    ///   - deadline: How long to wait.
    ///   - condition: What an object should be like.
    /// - Returns: The first such object, which may have been so before; `nil` when there was none before the deadline.
    /// - Throws: When the kernel does not answer.
    public mutating func first(
        until deadline: MonotonicInstant, where condition: (Object) -> Bool
    ) throws(NetlinkError) -> Object? {
        // Also in a flood of other events the deadline holds.
        repeat {
            guard let event = try next(until: deadline) else { return nil }
            switch event {
            case .snapshot(let objects):
                if let object = objects.first(where: condition) { return object }
            case .changed(let object):
                if condition(object) { return object }
            case .removed: break
            }
        } while MonotonicInstant.now < deadline
        return nil
    }

    /// The next event.
    ///
    /// - Parameters:
    ///   - deadline: How long to wait; `nil` for as long as it takes.
    ///   - bell: A descriptor that ends the waiting when it can be read; -1 for none.
    /// - Returns: The event; `nil` when the deadline or the bell came first.
    /// - Throws: When the kernel does not answer.
    package mutating func next(until deadline: MonotonicInstant?, unless bell: CInt) throws(NetlinkError) -> WatchEvent<
        Object
    >? {
        while true {
            if needsSnapshot {
                if let objects = try snapshot() { return .snapshot(objects) }
                guard try !isOver(deadline, bell) else { return nil }
            } else if let event = waiting.popFirst() {
                return event
            } else if try !receive() {
                guard try wait(deadline, bell) else { return nil }
            }
        }
    }

    /// All objects; `nil` when the table changed all the time, so that it takes another attempt.
    private mutating func snapshot() throws(NetlinkError) -> [Object]? {
        // What has been told before is in the snapshot, or was lost. Once it has dropped something the kernel drops all until
        // there is nothing left to read: only then does the snapshot come after what was lost.
        discard()
        do throws(NetlinkError) {
            let objects = try topic.dump(&requests)
            needsSnapshot = false
            return objects
        } catch {
            guard error.code == .interrupted else { throw error }
            return nil
        }
    }

    /// Takes one datagram.
    ///
    /// - Returns: Whether there was one, or the news that something was dropped.
    private mutating func receive() throws(NetlinkError) -> Bool {
        do throws(Errno) {
            let count = try events.receive(into: &buffer)
            if count > buffer.count {
                // What did not fit is as good as dropped.
                buffer = [UInt8](repeating: 0, count: count)
                needsSnapshot = true
            } else {
                waiting = try parsed(count)[...]
            }
            return true
        } catch {
            switch error {
            case .resourceTemporarilyUnavailable: return false
            case .interrupted: return true
            case .noBufferSpace:
                needsSnapshot = true
                return true
            default: throw NetlinkError(errno: error, operation: operation)
            }
        }
    }

    private func parsed(_ count: Int) throws(Errno) -> [WatchEvent<Object>] {
        let bytes = unsafe buffer.span.bytes.extracting(first: count)
        var events: [WatchEvent<Object>] = []
        var offset = 0
        do throws(MalformedMessage) {
            while offset < count {
                guard let header = MessageHeader(in: bytes, at: offset) else { throw MalformedMessage() }
                let payload = bytes.extracting(offset + MessageHeader.byteCount..<offset + header.length)
                offset += (header.length + 3) & ~3
                if header.type == topic.changed, let object = try topic.parse(payload) {
                    events.append(.changed(object))
                }
                if header.type == topic.removed, let object = try topic.parse(payload) {
                    events.append(.removed(object))
                }
            }
        } catch {
            throw .badMessage
        }
        return events
    }

    /// Reads all that there is and forgets it.
    private mutating func discard() {
        waiting = []
        while true {
            do throws(Errno) {
                let count = try events.receive(into: &buffer)
                if count > buffer.count { buffer = [UInt8](repeating: 0, count: count) }
            } catch {
                guard error == .interrupted || error == .noBufferSpace else { return }
            }
        }
    }

    /// Waits for a datagram.
    ///
    /// - Returns: false when the deadline or the bell came first.
    private func wait(_ deadline: MonotonicInstant?, _ bell: CInt) throws(NetlinkError) -> Bool {
        while try !isOver(deadline, bell) {
            var entries = [events.descriptor, bell].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let limit = deadline.map { MonotonicInstant.now.duration(to: $0).pollLimit } ?? -1
            let count = try systemCall(operation) { unsafe poll(&entries, nfds_t(entries.count), limit) }
            if count > 0, entries[1].revents == 0 { return true }
        }
        return false
    }

    /// Whether the deadline has passed, or the bell rung.
    private func isOver(_ deadline: MonotonicInstant?, _ bell: CInt) throws(NetlinkError) -> Bool {
        if let deadline, MonotonicInstant.now >= deadline { return true }
        var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        return try systemCall(operation) { unsafe poll(&entry, 1, 0) } > 0
    }
}

extension Duration {
    /// The time for poll(2): not shorter, at most an hour.
    fileprivate var pollLimit: CInt {
        let (seconds, attoseconds) = components
        return seconds >= 3600 ? 3_600_000 : CInt(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }
}
