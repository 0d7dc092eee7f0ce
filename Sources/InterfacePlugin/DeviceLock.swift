internal import CNITypes
internal import Glibc
internal import IPAMCore

/// The lock of the node: who has it is the only one who changes devices. The kernel opens it when its process ends.
enum DeviceLock {
    /// Does something while no other process does the like.
    ///
    /// - Parameters:
    ///   - path: The file that is locked; it and its folder are made when they are missing.
    ///   - deadline: When to give up.
    ///   - body: What is done.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw; `CNIError` with code 11 when others have the lock for too long, 5 when the file cannot
    ///   be made.
    static func hold<Value>(
        _ path: String, until deadline: MonotonicInstant, _ body: () throws(CNIError) -> Value
    ) throws(CNIError) -> Value {
        for slash in path.indices.dropFirst() where path[slash] == "/" { mkdir(String(path[..<slash]), 0o755) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CNIError(
                .inputOutput, "cannot open the lock of ifacer", details: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            guard [EWOULDBLOCK, EINTR].contains(reason) else {
                throw CNIError(
                    .inputOutput, "cannot lock the lock of ifacer",
                    details: "\(path): \(String(cString: strerror(reason)))")
            }
            guard MonotonicInstant.now < deadline else {
                throw CNIError(
                    .tryAgainLater, "cannot get the lock of ifacer",
                    details: "\(path): another ifacer has it and does not end: see which and why (fuser -v \(path))")
            }
            // proof: flock(2) has no time limit, and nothing else tells when the lock is free.
            poll(nil, 0, 2)
        }
        return try body()
    }
}
