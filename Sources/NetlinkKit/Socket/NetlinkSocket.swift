internal import CNetlink
internal import IPAMCore
internal import SystemPackage

/// Requests to the kernel and its answers, matched by their numbers.
///
/// Answers to earlier requests, given up at their deadline, are dropped. One value is one socket; it keeps no state
/// outside itself and may be moved to any thread.
struct NetlinkSocket: ~Copyable, Sendable {
    /// What carries the datagrams.
    enum Channel: ~Copyable, Sendable {
        /// The kernel.
        case kernel(KernelTransport)
        /// What a test put in its place.
        case replacement(any NetlinkTransport)
    }

    /// How long a request may take.
    var timeLimit: Duration = .seconds(5)

    /// How often is read until what was read is whole.
    static let attempts = 5

    /// How many requests are sent at once; their answers have to find room before the first one is read.
    static let requestsAtOnce = 64

    private let channel: Channel
    private var sequence: UInt32 = 0
    private var buffer: [UInt8]

    /// The room for one datagram unless a longer one was seen.
    ///
    /// The kernel fills the datagrams of a dump up to the room that it was last given, at most this (`netlink_recvmsg`).
    /// Longer ones come only for an object that alone needs more, for example a link with hundreds of names.
    static let usualRoom = 32 << 10

    /// Makes a socket on a channel.
    ///
    /// - Parameters:
    ///   - channel: What carries the datagrams.
    ///   - room: The room for one datagram at first, in bytes.
    init(channel: consuming Channel, room: Int = usualRoom) {
        self.channel = channel
        buffer = [UInt8](repeating: 0, count: room)
    }

    /// Opens a socket in the namespace of the calling thread.
    ///
    /// - Parameter family: The netlink family, `NETLINK_ROUTE` or `NETLINK_GENERIC`.
    /// - Throws: ``NetlinkError`` when the kernel has no such family, or no more sockets.
    init(family: CInt) throws(NetlinkError) {
        do throws(Errno) {
            self.init(channel: .kernel(try KernelTransport(family: family, receiveBufferBytes: 1 << 20)))
        } catch {
            throw NetlinkError(errno: error, operation: "open netlink socket")
        }
    }

    /// The descriptor of the socket, for `ioctl(2)`; −1 when it is none of the kernel.
    var descriptor: CInt {
        switch channel {
        case .kernel(let transport): transport.descriptor
        case .replacement(let transport): transport.descriptor
        }
    }

    /// Sends requests that each ask for an acknowledgement, many in one datagram. The kernel carries out all of them in
    /// order, also those after one that it refuses.
    ///
    /// - Parameters:
    ///   - requests: Messages with `NLM_F_ACK`.
    ///   - operation: What a message tries and on what.
    /// - Returns: The refusals with the index of their request, in order; empty when all went well.
    /// - Throws: ``NetlinkError`` when it is not known what became of the requests; it says how many of the first were
    ///   answered. The others may or may not have been carried out.
    mutating func batch(
        _ requests: MessageWriter, _ operation: (Int) -> String
    ) throws(NetlinkError) -> [(index: Int, error: NetlinkError)] {
        var failures: [(index: Int, error: NetlinkError)] = []
        var done = 0
        for var part in requests.parts(of: Self.requestsAtOnce) {
            var exchange = Exchange(count: part.count)
            do throws(NetlinkError) {
                try perform(&part, &exchange, { operation(done) }) { _ in true }
                // Not one that the kernel writes: an acknowledgement is a number, and at most some words.
                if exchange.wasCutOff {
                    throw NetlinkError(.malformed, operation: operation(done), detail: "the answer is too long")
                }
            } catch {
                guard requests.count > 1 else { throw error }
                let known = "of \(requests.count) requests only the first \(done) were answered"
                throw NetlinkError(
                    error.code, operation: error.operation, errno: error.errno,
                    detail: error.detail.isEmpty ? known : "\(error.detail); \(known)")
            }
            for refusal in exchange.refusals {
                let index = done + refusal.index
                failures.append((index, refusal.error(operation(index), in: part)))
            }
            done += part.count
        }
        return failures
    }

    /// Asks for one object. When the answer does not fit into the room for it, there is more, and it is asked for again.
    ///
    /// - Parameters:
    ///   - operation: What is tried and on what.
    ///   - request: A message without `NLM_F_ACK`, which changes nothing.
    ///   - reply: The type of the answer.
    ///   - parse: Reads what comes after the header of the message; `nil` when it is malformed.
    /// - Returns: The object.
    /// - Throws: ``NetlinkError`` with the kernel's words.
    mutating func get<Element>(
        _ operation: @autoclosure () -> String, _ request: consuming MessageWriter, reply: MessageType,
        _ parse: (RawSpan) -> Element?
    ) throws(NetlinkError) -> Element {
        for _ in 0..<Self.attempts {
            var exchange = Exchange(count: 1, reply: reply)
            var element: Element?
            try perform(&request, &exchange, operation) { payload in
                element = parse(payload)
                return element != nil
            }
            if exchange.wasCutOff { continue }
            if let refusal = exchange.refusals.first { throw refusal.error(operation(), in: request) }
            guard let element = element.take() else {
                throw NetlinkError(.malformed, operation: operation(), detail: "answer without object")
            }
            return element
        }
        throw NetlinkError(
            .interrupted, operation: operation(), detail: "the answer outgrew the room for it \(Self.attempts) times")
    }

    /// Reads all objects of a kind. A dump during which the table changed, or of which a part did not fit into the room
    /// for it, is thrown away and repeated.
    ///
    /// - Parameters:
    ///   - operation: What is tried and on what.
    ///   - request: A message with `NLM_F_DUMP`.
    ///   - reply: The type of the answers; others are passed over.
    ///   - parse: Reads what comes after the header of a message and appends the object if it is wanted; false when
    ///     it is malformed.
    /// - Returns: All objects, of one and the same dump.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/interrupted`` when no attempt was whole.
    mutating func dump<Element>(
        _ operation: @autoclosure () -> String, _ request: consuming MessageWriter, reply: MessageType,
        _ parse: (RawSpan, inout [Element]) -> Bool
    ) throws(NetlinkError) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<Self.attempts {
            elements.removeAll(keepingCapacity: true)
            var exchange = Exchange(count: 1, reply: reply)
            do throws(NetlinkError) {
                try perform(&request, &exchange, operation) { payload in parse(payload, &elements) }
                if exchange.wasCutOff {
                    discardAnswers()
                    continue
                }
            } catch {
                // The kernel goes on with a dump until it is read, and refuses another one as long.
                discardAnswers()
                guard error.errno == .noBufferSpace else { throw error }
                continue
            }
            if let refusal = exchange.refusals.first {
                guard refusal.errno == .interrupted else { throw refusal.error(operation(), in: request) }
                continue
            }
            if !exchange.wasInterrupted { return elements }
        }
        throw NetlinkError(
            .interrupted, operation: operation(),
            detail: "the table changed during each of \(Self.attempts) dumps")
    }
}

extension NetlinkSocket {
    /// Sends requests and reads until each has its answer, or one was cut off.
    mutating func perform(
        _ request: inout MessageWriter, _ exchange: inout Exchange, _ operation: () -> String, _ body: (RawSpan) -> Bool
    ) throws(NetlinkError) {
        guard !request.isOverlong else {
            throw NetlinkError(
                .invalid, operation: operation(), detail: "a value is longer than a message can carry")
        }
        exchange.start(after: &sequence)
        request.number(from: exchange.first)
        let deadline = MonotonicInstant.now + timeLimit
        do throws(Errno) {
            try send(request.bytes, until: deadline)
            while !exchange.isComplete {
                let count = try receive(until: deadline)
                guard count <= buffer.count else {
                    exchange.wasCutOff = true
                    return makeRoom(for: count)
                }
                guard unsafe exchange.take(buffer.span.bytes.extracting(first: count), body) else {
                    throw Errno.badMessage
                }
            }
        } catch {
            switch error {
            case .timedOut:
                throw NetlinkError(
                    .timedOut, operation: operation(), detail: "no answer within \(timeLimit)")
            case .badMessage:
                throw NetlinkError(
                    .malformed, operation: operation(), detail: "the answer is not a netlink message")
            default: throw NetlinkError(errno: error, operation: operation())
            }
        }
    }

    private func send(_ bytes: [UInt8], until deadline: MonotonicInstant) throws(Errno) {
        while true {
            do throws(Errno) {
                return switch channel {
                case .kernel(let transport): try transport.send(bytes)
                case .replacement(let transport): try transport.send(bytes)
                }
            } catch {
                guard error == .interrupted else { throw error }
                guard MonotonicInstant.now < deadline else { throw .timedOut }
            }
        }
    }

    /// Takes one datagram into the buffer.
    ///
    /// - Returns: Its length, of which the buffer may hold less.
    private mutating func receive(until deadline: MonotonicInstant) throws(Errno) -> Int {
        while true {
            do throws(Errno) {
                return try receive()
            } catch {
                switch error {
                case .interrupted: guard MonotonicInstant.now < deadline else { throw .timedOut }
                case .resourceTemporarilyUnavailable: try wait(until: deadline)
                default: throw error
                }
            }
        }
    }

    /// Lets the buffer grow to hold such a datagram.
    private mutating func makeRoom(for count: Int) {
        if count > buffer.count { buffer = [UInt8](repeating: 0, count: count) }
    }

    private mutating func receive() throws(Errno) -> Int {
        switch channel {
        case .kernel(let transport): try transport.receive(into: &buffer)
        case .replacement(let transport): try transport.receive(into: &buffer)
        }
    }

    private func wait(until deadline: MonotonicInstant) throws(Errno) {
        do throws(Errno) {
            let isReady =
                switch channel {
                case .kernel(let transport): try transport.wait(until: deadline)
                case .replacement(let transport): try transport.wait(until: deadline)
                }
            guard isReady else { throw .timedOut }
        } catch {
            guard error == .interrupted else { throw error }
        }
    }

    /// Takes what there is without waiting, so that the next request starts on an empty queue.
    private mutating func discardAnswers() {
        while true {
            do throws(Errno) {
                makeRoom(for: try receive())
            } catch {
                if error != .interrupted, error != .noBufferSpace { return }
            }
        }
    }
}
