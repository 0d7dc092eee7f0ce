internal import Glibc
internal import IPAMCore

extension Timestamp {
    /// The machine's time of the day (`CLOCK_REALTIME`).
    static var ofThisMachine: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// RFC 3339 in UTC with microseconds, as Kubernetes' `MicroTime` wants it: `2026-11-23T20:35:27.512000Z`.
    var microTime: String { preciseDescription.dropLast() + "000Z" }
}
