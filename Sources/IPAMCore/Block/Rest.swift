/// An address that nobody owns but that was used before: cooling after a release, or quarantined.
///
/// The record stays after its time is over, so that picking can prefer the address that is free for longest.
public struct Rest: Sendable, Hashable {
    /// Why the address rests.
    public enum Reason: UInt8, Sendable, Hashable, CaseIterable {
        /// Released; neighbours may still know the former owner. Used before a workload is refused.
        case cooling = 1
        /// Seen in use by somebody else on the wire. Never used before its time is over.
        case quarantined = 2
    }

    /// The address.
    public var address: IPAddress
    /// Why it rests.
    public var reason: Reason
    /// When it became free, or was seen in foreign use.
    public var since: Timestamp
    /// Before this moment it is not picked while anything else is free.
    public var until: Timestamp
    /// The hardware address that used it, for one in quarantine; `nil` when nobody was seen.
    public var holder: MACAddress?

    /// Makes a record.
    public init(
        address: IPAddress, reason: Reason, since: Timestamp, until: Timestamp, holder: MACAddress? = nil
    ) {
        self.address = address
        self.reason = reason
        self.since = since
        self.until = until
        self.holder = holder
    }

    /// Whether nothing may use the address at a moment: it is in quarantine.
    ///
    /// A clock that was set back would draw out a quarantine by as much. One that begins more than a day from now, which no
    /// two clocks of a cluster differ by, says nothing about the present and is no reason to refuse a workload.
    public func isQuarantined(at now: Timestamp) -> Bool {
        guard reason == .quarantined, now < until else { return false }
        return since <= now.adding(.seconds(86400))
    }
}

extension Rest.Reason: CustomStringConvertible {
    /// `cooling` or `quarantined`.
    public var description: String { self == .cooling ? "cooling" : "quarantined" }
}
