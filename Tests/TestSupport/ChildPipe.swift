internal import Foundation

/// A pipe to or from a ``ChildProcess``; no other child gets one of its ends.
struct ChildPipe: Sendable {
    let reading: FileHandle
    let writing: FileHandle

    /// Makes one.
    ///
    /// - Throws: ``SupportError`` when there are no descriptors left.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SupportError("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }
}
