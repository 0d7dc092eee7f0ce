/// A moment as milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
///
/// Nothing in this library reads a clock: the caller says what time it is.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since the epoch; negative before it.
    public let milliseconds: Int64

    /// Makes a moment from milliseconds since the epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes a moment from whole seconds since the epoch; saturates where milliseconds would overflow.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        milliseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// The moment `duration` later (earlier when negative), to the millisecond; saturates at the ends.
    public func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let fraction = attoseconds / 1_000_000_000_000_000
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let delta = overflow ? (seconds < 0 ? Int64.min : .max) : product
        let (sum, sumOverflow) = milliseconds.addingReportingOverflow(delta)
        guard !sumOverflow else { return Timestamp(milliseconds: delta < 0 ? .min : .max) }
        let (total, totalOverflow) = sum.addingReportingOverflow(fraction)
        return Timestamp(milliseconds: totalOverflow ? (fraction < 0 ? .min : .max) : total)
    }

    /// Earlier moments sort first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with whole seconds: `2026-11-23T20:35:27Z`.
    public var description: String {
        let seconds = Self.floor(milliseconds, 1000)
        let day = Self.floor(seconds, 86400)
        let ofDay = seconds - day * 86400
        let (year, month, dayOfMonth) = Self.civilDate(daysSinceEpoch: day)
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value.magnitude)
            return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
            + "T\(padded(ofDay / 3600, 2)):\(padded(ofDay / 60 % 60, 2)):\(padded(ofDay % 60, 2))Z"
    }

    /// The quotient rounded down, also for negative numbers.
    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    /// The proleptic Gregorian date of a day; years are counted from March so that leap days come last.
    private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
