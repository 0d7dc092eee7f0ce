/// What a link has carried since it was made (`struct rtnl_link_stats64`).
public struct LinkStatistics: Sendable, Hashable {
    /// One direction.
    public struct Direction: Sendable, Hashable {
        /// Packets.
        public let packets: UInt64
        /// Bytes.
        public let bytes: UInt64
        /// Packets with errors.
        public let errors: UInt64
        /// Packets thrown away for want of room.
        public let dropped: UInt64
    }

    /// What came in.
    public let received: Direction
    /// What went out.
    public let sent: Direction

    /// Reads what comes after the header of an `RTM_NEWLINK` message.
    init?(_ payload: RawSpan) {
        var counters: (received: Direction, sent: Direction)?
        payload.forEachAttribute(from: 16) { type, value in
            guard type == IFLA.statistics else { return }
            // rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped
            func direction(_ first: Int) -> Direction? {
                guard let packets = value.integer(at: first, as: UInt64.self),
                    let bytes = value.integer(at: first + 16, as: UInt64.self),
                    let errors = value.integer(at: first + 32, as: UInt64.self),
                    let dropped = value.integer(at: first + 48, as: UInt64.self)
                else { return nil }
                return Direction(packets: packets, bytes: bytes, errors: errors, dropped: dropped)
            }
            if let received = direction(0), let sent = direction(8) { counters = (received, sent) }
        }
        guard let counters else { return nil }
        (received, sent) = counters
    }
}
