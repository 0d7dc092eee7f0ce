internal import Glibc
package import IPAMCore

/// The few calls on file descriptors that plugins need, each repeated when a signal interrupts it.
package enum Descriptor {
    /// What reading once came to.
    package enum ReadOutcome: Equatable {
        /// Bytes were appended.
        case some
        /// There is nothing more.
        case end
        /// Nothing is there yet.
        case notNow
        /// The call failed with this `errno`.
        case failure(Int32)
    }

    /// As many bytes as one call reads at most.
    static let chunk = 64 << 10

    /// Appends what one `read(2)` yields.
    package static func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> ReadOutcome {
        while true {
            var count = 0
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { buffer, initialized in
                unsafe count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                initialized = max(count, 0)
            }
            if count > 0 {
                bytes.append(contentsOf: piece)
                return .some
            }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .notNow
            default: return .failure(errno)
            }
        }
    }

    /// Writes what one `write(2)` takes of the bytes from `start` on.
    ///
    /// - Returns: the number of bytes, 0 when none are taken now, or `nil` when nobody will ever take any.
    static func write(_ bytes: [UInt8], from start: Int, to descriptor: Int32) -> Int? {
        while true {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            default: return nil
            }
        }
    }

    /// Writes everything; returns whether that worked.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var start = 0
        while start < bytes.count {
            guard let count = write(bytes, from: start, to: descriptor) else { return false }
            if count == 0 { _ = wait([(descriptor, Int16(POLLOUT))], until: nil) }
            start += count
        }
        return true
    }

    /// Waits for events on descriptors; negative descriptors are passed over.
    ///
    /// - Returns: what happened on each, or `nil` when the deadline came first.
    package static func wait(_ interests: [(Int32, Int16)], until deadline: MonotonicInstant?) -> [Int16]? {
        var entries = interests.map { pollfd(fd: $0.0, events: $0.1, revents: 0) }
        while true {
            let milliseconds = deadline.map { millisecondsLeft(until: $0) } ?? -1
            let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
            if count > 0 { return entries.map(\.revents) }
            if count == 0, let deadline, MonotonicInstant.now >= deadline { return nil }
            if count < 0, errno != EINTR { return entries.map { _ in Int16(POLLERR) } }
        }
    }

    /// The time that is left, rounded up, at most an hour.
    private static func millisecondsLeft(until deadline: MonotonicInstant) -> Int32 {
        let left = MonotonicInstant.now.duration(to: deadline)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return seconds >= 3600 ? 3_600_000 : Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Waits until a call of ``read(_:into:)`` has something to say; false when the deadline comes first.
    package static func waitUntilReadable(_ descriptor: Int32, _ deadline: MonotonicInstant) -> Bool {
        wait([(descriptor, Int16(POLLIN))], until: deadline) != nil
    }

    /// Whether the descriptor is something that ends by itself: a pipe, a socket or a regular file.
    static func isPipeOrFile(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return false }
        return [S_IFIFO, S_IFREG, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    /// The text of an `errno`.
    package static func text(ofError number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }

    /// Makes writing to a pipe that nobody reads an error of the call instead of the end of the process.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
