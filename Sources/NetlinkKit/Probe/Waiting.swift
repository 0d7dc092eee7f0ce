internal import Glibc
internal import IPAMCore
internal import SystemPackage

/// Waits until one of some descriptors can be read or has failed, or a moment has come (poll(2)).
///
/// Signals do not prolong it.
func waitForInput(on descriptors: [CInt], until deadline: MonotonicInstant) throws(NetlinkError) {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    try systemCall("wait for frames") {
        // A part of a millisecond counts as a whole one, so that the moment has come when the call returns.
        let (seconds, attoseconds) = max(MonotonicInstant.now.duration(to: deadline), .zero).components
        let milliseconds = min(seconds, 86_400) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return unsafe poll(&entries, nfds_t(entries.count), CInt(milliseconds))
    }
}
