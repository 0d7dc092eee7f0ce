public import IPAMCore

/// Who had an address at some moment.
public enum HistoricalHolder: Sendable, Hashable {
    /// Somebody had it.
    case held(Tenure)
    /// Nobody had it.
    case nobody
    /// The history does not reach back that far; its beginning, or `nil` when nothing is known about that either.
    case unknown(begin: Timestamp?)

    /// A time during which nothing about a claim changed.
    public struct Tenure: Sendable, Hashable {
        /// The address.
        public var address: IPAddress
        /// The pool that it was taken from.
        public var pool: String
        /// Who owned it.
        public var owner: Claim.Owner
        /// Interface name inside the container.
        public var interface: String
        /// The sandbox; empty when there was none, or the history does not tell which it was then.
        public var containerID: String
        /// Whether the owner did not run, and kept the address.
        public var isRetained: Bool
        /// The node on which the owner ran.
        public var node: String
        /// When it began; `nil` when that is not recorded any more.
        public var since: Timestamp?
        /// When it ended, by a release or a change; `nil` when it goes on.
        public var until: Timestamp?

        /// `namespace/name`, the name alone, or the UID of a workload that nobody named.
        public var ownerName: String { owner.text }
    }
}

extension HistoricalHolder.Tenure {
    /// What began with an event.
    init(_ event: HistoryEvent, until: Timestamp?) {
        let isRetained = event.kind == .retained
        self.init(
            address: event.address, pool: event.pool, owner: event.owner, interface: event.interface,
            containerID: isRetained ? "" : event.containerID, isRetained: isRetained, node: event.node,
            since: event.time, until: until)
    }

    /// What ended with an event, and began earlier than the history.
    init(endingWith event: HistoryEvent) {
        // These do not tell the sandbox and the node of before.
        let isVague = event.kind == .moved || event.kind == .changed || event.kind == .resumed
        self.init(
            address: event.address, pool: event.pool, owner: event.owner, interface: event.interface,
            containerID: isVague ? "" : event.containerID,
            isRetained: event.kind == .resumed || event.kind == .released && event.containerID.isEmpty,
            node: isVague ? "" : event.node, since: nil, until: event.time)
    }

    /// What still goes on.
    init(_ claim: Claim) {
        self.init(HistoryEvent(claim.state == .retained ? .retained : .claimed, claim, at: claim.since), until: nil)
    }
}
