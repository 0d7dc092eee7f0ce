internal import CLinux
internal import Glibc

/// A counter that one thread adds to and another waits for, also with `poll` (eventfd(2)).
package struct EventDescriptor: ~Copyable, Sendable {
    /// The number for `poll`, readable after ``signal()``; valid as long as this value lives.
    package let number: CInt

    /// Makes a counter at zero.
    package init() throws(NetlinkError) {
        number = try systemCall("make an event descriptor") { clinux_event_descriptor() }
    }

    deinit { _ = close(number) }

    /// Wakes whoever waits, or who waits next.
    package func signal() {
        var one: UInt64 = 1
        // It fails only when 2⁶⁴ - 2 signals were never waited for.
        _ = try? systemCall { unsafe write(number, &one, MemoryLayout.size(ofValue: one)) }
    }

    /// Waits for a signal and forgets all that have come.
    package func wait() {
        var count: UInt64 = 0
        _ = try? systemCall { unsafe read(number, &count, MemoryLayout.size(ofValue: count)) }
    }
}
