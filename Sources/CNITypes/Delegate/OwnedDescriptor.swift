internal import Glibc

/// A file descriptor with one owner, closed when the owner is gone.
package struct OwnedDescriptor: ~Copyable {
    /// The descriptor; −1 once closed, which `poll(2)` passes over.
    package private(set) var number: Int32

    /// Takes over a descriptor; a negative one is none.
    package init(_ number: Int32) { self.number = number }

    /// Whether there is one.
    package var isOpen: Bool { number >= 0 }

    mutating func close() {
        guard number >= 0 else { return }
        _ = Glibc.close(number)
        number = -1
    }

    deinit {
        if number >= 0 { _ = Glibc.close(number) }
    }

    /// Makes calls on the descriptor return at once.
    package func setNonblocking() { _ = fcntl(number, F_SETFL, O_NONBLOCK) }
}

/// The two ends of a pipe, neither of which a program started meanwhile inherits.
struct Pipe: ~Copyable {
    var reader: OwnedDescriptor
    var writer: OwnedDescriptor

    /// Makes a pipe whose ends are none of the standard streams.
    ///
    /// - Throws: the `errno` as ``ChildProcess/Failure``.
    init() throws(ChildProcess.Failure) {
        let ends = try Self.ends()
        reader = OwnedDescriptor(ends.reader)
        writer = OwnedDescriptor(ends.writer)
    }

    private static func ends() throws(ChildProcess.Failure) -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .system("pipe", errno) }
        defer { for end in ends { close(end) } }
        let reader = fcntl(ends[0], F_DUPFD_CLOEXEC, 3)
        guard reader >= 0 else { throw .system("fcntl", errno) }
        let writer = fcntl(ends[1], F_DUPFD_CLOEXEC, 3)
        guard writer >= 0 else {
            let error = errno
            close(reader)
            throw .system("fcntl", error)
        }
        return (reader, writer)
    }
}
